// Reads the shape of parsed JSON without trusting it.
export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The text of a body as an object; undefined when it is anything else. */
export function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** For a message. The mark of the cut tells redaction that it may go through a secret. */
export function shortJson(value: unknown, characters: number): string {
  const text = JSON.stringify(value);
  return text.length > characters ? `${text.slice(0, characters)}…` : text;
}

/** Names the type of a value for messages that must not quote it. */
export function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
