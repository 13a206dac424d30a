// Text as Postgres can keep it: no NUL, no half of a surrogate pair. A hostile message must not keep a whole batch out.

/** What JSON.stringify makes of such characters; rare enough to look for them in the finished text first. */
const suspicious = /\\u(?:0000|d[89a-f])/;

/** JSON of rows, safe for `json` columns and `json_to_recordset`. */
export function cleanJson(value: unknown): string {
  const json = JSON.stringify(value);
  return suspicious.test(json) ? JSON.stringify(cleanDeep(value)) : json;
}

export function cleanText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\u{fffd}');
}

function cleanDeep(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (Array.isArray(value)) return value.map(cleanDeep);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [cleanText(name), cleanDeep(part)]));
}
