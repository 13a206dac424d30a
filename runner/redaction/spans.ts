// Stretches of a text that must not be shown.

export interface Span {
  readonly start: number;
  readonly end: number;
  /** Where the words begin that tell what the stretch is (`Authorization:`); a text must not be parted between the two. */
  readonly from: number;
}

/** Sorted, overlapping or touching spans joined: two secrets that overlap would otherwise each leave a part of the other. */
export function join(spans: readonly Span[]): Span[] {
  const joined: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start)) {
    const last = joined.at(-1);
    if (last === undefined || span.start > last.end) joined.push(span);
    else {
      joined[joined.length - 1] = {
        start: last.start,
        end: Math.max(last.end, span.end),
        from: Math.min(last.from, span.from),
      };
    }
  }
  return joined;
}

/** What stands for a secret. Short, and no part of it is a word that could be one. */
export const mask = '***';

export function hide(text: string, spans: readonly Span[]): string {
  let shown = '';
  let at = 0;
  for (const { start, end } of spans) {
    shown += text.slice(at, start) + mask;
    at = end;
  }
  return shown + text.slice(at);
}
