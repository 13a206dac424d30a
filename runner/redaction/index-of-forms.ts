// Finds thousands of strings in one pass: the first three units of every form are hashed into a table, and only where the
// text hits the table are forms looked up. 100 secrets have some 3,000 forms; one regular expression of them is far slower.
import type { Span } from './spans.ts';

const tableSize = 65_536;

/** Forms whose first units share a hash, by as many first units as the shortest of them has. */
interface Bucket {
  readonly reach: number;
  readonly forms: Map<string, string[]>;
}

export class FormIndex {
  readonly #table = new Uint8Array(tableSize);
  readonly #buckets = new Map<number, Bucket>();
  /** Length of the longest form. */
  readonly longest: number;

  constructor(forms: Iterable<string>) {
    const byHash = Map.groupBy(forms, (form) =>
      hashOf(form.charCodeAt(0), form.charCodeAt(1), form.charCodeAt(2)),
    );
    let longest = 0;
    for (const [hash, group] of byHash) {
      this.#table[hash] = 1;
      const sorted = group.toSorted((a, b) => b.length - a.length);
      longest = Math.max(longest, sorted[0]?.length ?? 0);
      const reach = sorted.at(-1)?.length ?? 0;
      this.#buckets.set(hash, { reach, forms: Map.groupBy(sorted, (form) => form.slice(0, reach)) });
    }
    this.longest = longest;
  }

  /** The longest form at every place, overlapping ones too. */
  find(text: string): Span[] {
    const spans: Span[] = [];
    if (this.longest === 0) return spans;
    const table = this.#table;
    const end = text.length - 2;
    let first = text.charCodeAt(0);
    let second = text.charCodeAt(1);
    for (let at = 0; at < end; at += 1) {
      const third = text.charCodeAt(at + 2);
      const hash = hashOf(first, second, third);
      first = second;
      second = third;
      if (table[hash] === 0) continue;
      const form = this.#formAt(text, at, hash);
      if (form !== undefined) spans.push({ start: at, end: at + form.length, from: at });
    }
    return spans;
  }

  /** Whether a form begins with this stretch of the text, of at least three units. */
  beginsAt(text: string, start: number, end: number): boolean {
    const hash = hashOf(text.charCodeAt(start), text.charCodeAt(start + 1), text.charCodeAt(start + 2));
    const bucket = this.#table[hash] === 0 ? undefined : this.#buckets.get(hash);
    if (bucket === undefined) return false;
    const stretch = text.slice(start, end);
    if (stretch.length >= bucket.reach) {
      const candidates = bucket.forms.get(stretch.slice(0, bucket.reach));
      return candidates?.some((form) => form.startsWith(stretch)) === true;
    }
    for (const beginning of bucket.forms.keys()) if (beginning.startsWith(stretch)) return true;
    return false;
  }

  #formAt(text: string, at: number, hash: number): string | undefined {
    const bucket = this.#buckets.get(hash);
    const candidates = bucket?.forms.get(text.slice(at, at + bucket.reach));
    return candidates?.find((form) => text.startsWith(form, at));
  }
}

function hashOf(first: number, second: number, third: number): number {
  return ((first * 31 + second) * 31 + third) & (tableSize - 1);
}
