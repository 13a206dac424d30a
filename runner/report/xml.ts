// Makes any string fit for XML 1.0: what a platform answers may hold control characters, lone surrogates or `]]>`.

// XML 1.0 allows tab, newline, carriage return, U+0020-D7FF, U+E000-FFFD and the planes above. C1 controls are allowed but
// move terminals and break viewers, so they go as well.
// biome-ignore lint/suspicious/noControlCharactersInRegex: naming them is the point
const invalid = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]/g;
const needsCare = /[^\t\n\u0020-\u007e]/;
const replacement = '\ufffd';

/** Control characters become U+FFFD, not nothing: two texts that differ must not look alike, and nothing may join up. */
export function clean(text: string): string {
  if (!needsCare.test(text)) return text;
  return text.toWellFormed().replace(/\r\n?/g, '\n').replace(invalid, replacement);
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\t': '&#9;',
};

const entity = (character: string): string => entities[character] ?? character;

/** Content of an element. `>` is escaped too, so that `]]>` cannot appear. */
export function xmlText(text: string): string {
  return clean(text).replace(/[&<>]/g, entity);
}

/** Value of an attribute in double quotes; line breaks survive the parser's normalisation. */
export function xmlAttribute(text: string): string {
  return clean(text).replace(/[&<>"\n\t]/g, entity);
}

/** Cuts at `limit` UTF-16 units, never inside a pair, and says how much is missing. */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const inPair = /[\ud800-\udbff]/.test(text.charAt(limit - 1)) ? 1 : 0;
  const kept = text.slice(0, limit - inPair);
  return `${kept}\n[cut: ${text.length - kept.length} of ${text.length} characters left out]`;
}

/** Seconds with three decimals and never an exponent, as both schemas ask. */
export function seconds(milliseconds: number): string {
  const finite = Number.isFinite(milliseconds) ? Math.max(0, milliseconds) : 0;
  // toFixed turns to exponents at 1e21; no run lasts 30 million years.
  return (Math.min(finite, 1e15) / 1000).toFixed(3);
}
