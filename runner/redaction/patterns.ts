// Secrets that nobody told us of but that show by their form: JWTs, credentials in headers, tokens and passwords by name.
// Written as scans that never look back, because the text comes from the platform under test and may be made to be slow.
import type { Span } from './spans.ts';

export interface Found {
  readonly spans: readonly Span[];
  /** Where something begins that more text may turn into a secret; the length of the text when there is nothing. */
  readonly open: number;
}

/** Longest run of keyword, quotes and blanks before the value; a stream holds that much back. */
export const reach = 64;

export function findPatterns(text: string): Found {
  const tokens = findTokens(text);
  const named = findNamed(text);
  return { spans: [...tokens.spans, ...named], open: tokens.open };
}

const tokenPart = /[A-Za-z0-9_-]*/y;
/** A JOSE header is far shorter; without a bound every base64 text that starts with `eyJ` would be held back whole. */
const longestHeader = 4096;

function runEnd(text: string, at: number): number {
  tokenPart.lastIndex = at;
  tokenPart.test(text);
  return tokenPart.lastIndex;
}

/** JWS, JWE and the unsecured kind (`alg: none`, empty signature). */
function findTokens(text: string): Found {
  const spans: Span[] = [];
  let at = text.indexOf('eyJ');
  while (at !== -1) {
    const header = runEnd(text, at);
    if (header === text.length) {
      const begin = text.indexOf('eyJ', Math.max(at, header - longestHeader));
      return { spans, open: begin === -1 ? header : begin };
    }
    let end = header;
    if (text[header] === '.') {
      const start = Math.max(at, text.indexOf('eyJ', Math.max(at, header - longestHeader)));
      const payload = runEnd(text, header + 1);
      if (start < header && header - start >= 6 && (payload - header > 4 || payload === text.length)) {
        end = payload;
        for (let part = 0; part < 3 && text[end] === '.'; part += 1) end = runEnd(text, end + 1);
        spans.push({ start, end, from: start });
      }
    }
    at = text.indexOf('eyJ', end);
  }
  return { spans, open: text.length };
}

const keyword =
  /(authorization|cookie2?)|(bearer|negotiate|basic)(?=[\s+%])|(access_?token|refresh_?token|id_token|client_?secret|passw(?:or)?d(?:_[a-z0-9_]{1,40})?)/gi;

function findNamed(text: string): Span[] {
  const spans: Span[] = [];
  keyword.lastIndex = 0;
  for (let match = keyword.exec(text); match !== null; match = keyword.exec(text)) {
    const after = match.index + match[0].length;
    const value =
      match[1] !== undefined
        ? valueAfter(text, after, 'whole line')
        : match[2] !== undefined
          ? credential(text, after)
          : valueAfter(text, after, 'one word');
    if (value === undefined) continue;
    spans.push({ ...value, from: match.index });
    keyword.lastIndex = Math.max(value.end, after);
  }
  return spans;
}

interface Stretch {
  readonly start: number;
  readonly end: number;
}

const separator = /(\\{0,7}["'])?(?:\s{0,8}(?::|=>?)\s{0,8}|,\s{0,8})(\[\s{0,8})?(\\{0,7}["'])?/y;

/** `name: value`, `name=value`, `"name":"value"`, `'name', 'value'`, also with escaped quotes and lists of strings. */
function valueAfter(text: string, at: number, kind: 'whole line' | 'one word'): Stretch | undefined {
  separator.lastIndex = at;
  const match = separator.exec(text);
  if (match === null) return undefined;
  const [whole, keyQuote, list, quote] = match;
  const start = at + whole.length;
  const bare = quote === undefined;
  if (whole.includes(',') && (keyQuote === undefined || bare)) return undefined;
  if (bare && list === undefined) {
    // `password: wrong` is prose, `"password": true` a setting; `password=x` is neither.
    if (kind === 'one word' && !whole.includes('=')) return undefined;
    return stretch(start, upTo(text, start, kind === 'whole line' ? lineEnd : wordEnd));
  }
  if (list !== undefined) {
    const inside = start - (quote?.length ?? 0);
    return stretch(inside, upTo(text, inside, listEnd));
  }
  return stretch(start, closing(text, start, quote ?? '"'));
}

const lineEnd = /[\r\n]/g;
const wordEnd = /[\s&"'<>;,)}\]\\]/g;
const listEnd = /[\]\r\n]/g;

function upTo(text: string, from: number, end: RegExp): number {
  end.lastIndex = from;
  return end.exec(text)?.index ?? text.length;
}

/** The same quote, as deeply escaped; a quote that is escaped more deeply belongs to the value. */
function closing(text: string, from: number, quote: string): number {
  const bare = quote.at(-1) ?? '"';
  const depth = quote.length - 1;
  for (let at = text.indexOf(bare, from); at !== -1; at = text.indexOf(bare, at + 1)) {
    let slashes = 0;
    while (text[at - 1 - slashes] === '\\' && at - 1 - slashes >= from && slashes <= depth) slashes += 1;
    if (slashes <= depth) return at - slashes;
  }
  return text.length;
}

const stretch = (start: number, end: number): Stretch | undefined =>
  end > start ? { start, end } : undefined;

const gap = /(?:\s|%20|\+){1,8}/y;
const characters = /[A-Za-z0-9._~+/=-]*/y;

/** `Bearer <token>` anywhere; words as in `bearer authentication` are left alone. */
function credential(text: string, at: number): Stretch | undefined {
  gap.lastIndex = at;
  if (!gap.test(text)) return undefined;
  const start = gap.lastIndex;
  characters.lastIndex = start;
  characters.test(text);
  const value = text.slice(start, characters.lastIndex);
  if (value.length < 8 || (value.length < 24 && !/[0-9_~+/=]/.test(value))) return undefined;
  return { start, end: start + value.length };
}
