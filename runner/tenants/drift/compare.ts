// Where a live object says something else than the manifest it was made from. What the manifest does not mention belongs to others.
import type { AnyObject } from '../../kube/index.ts';

/** JSON pointers (RFC 6901) into the manifest's object, each with what is asked for and what is there. */
export interface Difference {
  readonly path: string;
  readonly wanted: unknown;
  readonly found: unknown;
}

export function compare(wanted: AnyObject, live: AnyObject): Difference[] {
  const { metadata, status: _status, ...rest } = withoutStringData(wanted);
  const ofMetadata = (['labels', 'annotations'] as const).flatMap((part) =>
    differences(metadata?.[part], live.metadata?.[part] ?? {}, `/metadata/${part}`),
  );
  return [
    ...ofMetadata,
    ...Object.entries(rest).flatMap(([key, value]) => differences(value, live[key], `/${escapeKey(key)}`)),
  ];
}

function differences(wanted: unknown, found: unknown, path: string): Difference[] {
  if (wanted === undefined || wanted === null) return [];
  if (isMap(wanted)) {
    if (!isMap(found))
      return isEmpty(wanted) && found === undefined ? [] : [{ path, wanted, found: found ?? null }];
    return Object.entries(wanted).flatMap(([key, value]) =>
      differences(value, found[key], `${path}/${escapeKey(key)}`),
    );
  }
  if (Array.isArray(wanted)) return differencesOfLists(wanted, found, path);
  return sameScalar(wanted, found) ? [] : [{ path, wanted, found: found ?? null }];
}

/** Items that have names are found by them, since others may add some (a sidecar, a volume); all others by their place. */
function differencesOfLists(wanted: readonly unknown[], found: unknown, path: string): Difference[] {
  if (!Array.isArray(found)) return isEmpty(wanted) ? [] : [{ path, wanted, found: found ?? null }];
  const named = isNamed(wanted);
  if (!named && found.length !== wanted.length) return [{ path, wanted, found }];
  return wanted.flatMap((item, at) => {
    const name = isMap(item) ? item.name : undefined;
    const other = named ? found.find((one) => isMap(one) && one.name === name) : found[at];
    return differences(item, other, `${path}/${at}`);
  });
}

export function isNamed(wanted: readonly unknown[]): boolean {
  return wanted.length > 0 && wanted.every((item) => isMap(item) && typeof item.name === 'string');
}

function sameScalar(wanted: unknown, found: unknown): boolean {
  if (wanted === found) return true;
  // What the API server leaves out of an answer because it is the zero of its type.
  if (found === undefined) return wanted === '' || wanted === false || wanted === 0;
  const [a, b] = [quantity(wanted), quantity(found)];
  return a !== undefined && a === b;
}

const suffixes: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
  Ti: 1024 ** 4,
};

/** `500m`, `0.5` and 0.5 are one amount; undefined for what is none. */
function quantity(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  const match = typeof value === 'string' ? /^(-?\d+(?:\.\d+)?)(n|u|m|k|[KMGT]i?|)$/.exec(value) : null;
  const factor = suffixes[match?.[2] ?? 'none'];
  return match === null || factor === undefined
    ? undefined
    : Number((Number(match[1]) * factor).toPrecision(12));
}

/** Secrets are stored with what `stringData` says inside of `data`. */
function withoutStringData(object: AnyObject): AnyObject {
  const { stringData, data, ...rest } = object;
  if (object.kind !== 'Secret' || !isMap(stringData)) return object;
  const encoded = Object.fromEntries(
    Object.entries(stringData).map(([key, text]) => [key, Buffer.from(String(text)).toString('base64')]),
  );
  return { ...rest, data: { ...(isMap(data) ? data : {}), ...encoded } };
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEmpty(value: object): boolean {
  return Object.keys(value).length === 0;
}

export function escapeKey(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
