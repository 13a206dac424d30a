// What a rollout is made from, as one text that changes when it does.
import { createHash } from 'node:crypto';

export interface ChartId {
  readonly repo: string;
  readonly name: string;
  readonly version: string;
}

export type Values = { readonly [key: string]: unknown };

/** Lower-case hex of sha256 over `repo|name|version`, then `|key=value` for each value, flattened (`a.b`, `a[0]`) and sorted. */
export function fingerprint({ repo, name, version }: ChartId, values: Values = {}): string {
  const parts = [repo, name, version, ...flatten(values).toSorted()];
  return createHash('sha256').update(parts.join('|')).digest('hex');
}

/** `key=value` lines; empty maps and lists count, since `{}` overrides a chart's default and nothing does not. */
export function flatten(value: unknown, path = ''): string[] {
  if (value !== null && typeof value === 'object') {
    const children = Array.isArray(value)
      ? value.map((item, at) => [`${path}[${at}]`, item] as const)
      : Object.entries(value).map(([key, item]) => [join(path, key), item] as const);
    if (children.length > 0) return children.flatMap(([at, item]) => flatten(item, at));
    return path === '' ? [] : [`${path}=${Array.isArray(value) ? '[]' : '{}'}`];
  }
  // `"1"` and `1` are different values for a template; a plain text stands without quotes, as the contract shows it.
  return [`${path}=${typeof value === 'string' ? plainOrQuoted(value) : JSON.stringify(value)}`];
}

function join(path: string, key: string): string {
  const safe = /^$|[.[\]=|"]/.test(key) ? JSON.stringify(key) : key;
  return path === '' ? safe : `${path}.${safe}`;
}

function plainOrQuoted(text: string): string {
  const looksLikeOther = /^(true|false|null|-?\d.*|\{\}|\[\]|".*)$/s.test(text);
  return looksLikeOther || /[|=\n]/.test(text) ? JSON.stringify(text) : text;
}
