// Texts come here already cut, by whoever made the message: chai after 40 characters, a client after 2 KiB, a platform where it likes.
// What a cut leaves of a secret is the beginning of a form, right before the mark of the cut.
import { shortest } from './forms.ts';
import type { FormIndex } from './index-of-forms.ts';
import type { Span } from './spans.ts';

const mark = /(["'`]?)(?:…+|\\u2026|\.{3,})/g;
/** Length of the longest mark that is told from other text: `'` and `\u2026`. */
export const longestMark = 7;

export function findCut(text: string, forms: FormIndex): Span[] {
  const spans: Span[] = [];
  if (forms.longest === 0) return spans;
  for (const { index, 1: quote = '' } of text.matchAll(mark)) {
    // The quote is the end of what was cut, or the writer's own.
    for (const end of new Set([index + quote.length, index])) {
      const start = beginningBefore(text, end, forms);
      if (start !== undefined) spans.push({ start, end, from: start });
    }
  }
  return spans;
}

/** Where the longest beginning of a form starts that goes up to `end`. */
function beginningBefore(text: string, end: number, forms: FormIndex): number | undefined {
  for (let start = Math.max(0, end - forms.longest); start <= end - shortest; start += 1)
    if (forms.beginsAt(text, start, end)) return start;
  return undefined;
}
