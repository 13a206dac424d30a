// How a value of the file is shown in a problem: short, on one line, and without what could be a secret.

const maxShown = 60;

export function describeValue(value: unknown, written?: string): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (typeof value === 'object') {
    const keys = Object.keys(value);
    return keys.length === 0 ? 'an empty mapping' : `a mapping with ${cut(keys.map(maskSecrets).join(', '))}`;
  }
  if (typeof value !== 'string') return cut(written ?? String(value));
  return value === '' ? 'an empty text' : `"${cut(maskSecrets(value))}"`;
}

function cut(text: string): string {
  return text.length > maxShown ? `${text.slice(0, maxShown)}…` : text;
}

/** No password is longer, and a text of a thousand colons is not looked through a thousand times. */
const credentialsInUrl = /(:[/\\]*)\S{0,500}@/g;
/** In a query, or among the keywords of a connection to Postgres. */
export const keyWithSecret = /((?:password|passwd|pwd|secret|token|api_?key)\s*=\s*)[^\s=].*/is;
const token = /eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]+\.?[A-Za-z0-9_-]*/g;

export function maskSecrets(text: string): string {
  return text
    .replaceAll(credentialsInUrl, '$1[withheld]@')
    .replace(keyWithSecret, '$1[withheld]')
    .replaceAll(token, '[withheld]');
}
