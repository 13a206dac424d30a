// What one HTTP request looked like, as reports show it: plain data, no headers (they hold secrets), a short body.

/** Structurally the HttpExchange of the journal; this room may not import it. Times in milliseconds. */
export interface HttpExchange {
  readonly method: string;
  readonly url: string;
  readonly status?: number;
  /** Answer body, at most 2 KiB, without row values. Request bodies are never kept: they hold passwords. */
  readonly body?: string;
  readonly timings: ExchangeTimings;
  /** What each try before the last one met, e.g. `503 after 12 ms`. */
  readonly attempts?: readonly string[];
}

/** `dns` and `connect` only where this request opened the connection; `connect` includes TLS, not DNS. */
export interface ExchangeTimings {
  readonly dns?: number;
  readonly connect?: number;
  readonly ttfb?: number;
  readonly total: number;
}

export const exchangeBodyBytes = 2048;

/** Tokens are long, and say nothing to who reads a report. */
const tokens = /eyJ[\w-]{10,}(?:\.[\w-]*){0,2}/g;
const searched = 64 * 1024;

/** What is cut ends with `…`, by which redaction knows that the cut may go through a secret. */
export function shownBody(text: string): string {
  const start = text.slice(0, searched).replace(tokens, '<token withheld>');
  const shown = firstBytes(start);
  if (text.length <= searched && shown === start) return shown;
  return `${shown}… (${Buffer.byteLength(text)} bytes)`;
}

/** Never through a character. */
function firstBytes(text: string): string {
  if (text.length <= exchangeBodyBytes / 3) return text;
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length <= exchangeBodyBytes) return text;
  let end = exchangeBodyBytes;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end).toString('utf8');
}

/** Tenths of a millisecond are the finest a report needs. */
export function roundMs(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
