// Keeps what it was told is secret, and what looks like a credential, out of every text that leaves the runner.
import { findCut, longestMark } from './cut.ts';
import { formsOf, shortest } from './forms.ts';
import { FormIndex } from './index-of-forms.ts';
import { findPatterns, reach } from './patterns.ts';
import { hide, join, type Span } from './spans.ts';

export interface Hidden {
  readonly spans: readonly Span[];
  /** Where something begins that more text may turn into a secret. */
  readonly open: number;
  /** A credential known by its form that goes on to the end of the text, and may go on after it. */
  readonly endless: Span | undefined;
}

export class Redactor {
  readonly #secrets = new Set<string>();
  readonly #forms = new Set<string>();
  #index = new FormIndex([]);
  #indexed = 0;

  constructor(secrets: Iterable<string> = []) {
    for (const secret of secrets) this.add(secret);
  }

  /** False when the secret is shorter than three characters: hiding it would hide half of every text. */
  add(secret: string): boolean {
    if (secret.length < shortest) return false;
    if (this.#secrets.has(secret)) return true;
    this.#secrets.add(secret);
    for (const form of formsOf(secret)) this.#forms.add(form);
    return true;
  }

  /** How much of a stream must be held back, in UTF-16 units. */
  get longest(): number {
    return Math.max(this.#current().longest + longestMark, reach);
  }

  find(text: string): Hidden {
    const { spans, open } = findPatterns(text);
    const endless = spans.find(({ end }) => end === text.length);
    const forms = this.#current();
    return { spans: join([...forms.find(text), ...findCut(text, forms), ...spans]), open, endless };
  }

  /** Redacting what was redacted changes nothing. */
  redact(text: string): string {
    let shown = text;
    // A mask and its neighbours may together spell a secret; each round leaves less to hide, so this ends.
    for (let before = ''; before !== shown; ) {
      before = shown;
      shown = hide(before, this.find(before).spans);
    }
    return shown;
  }

  /** Every string in arrays and plain objects; names of properties stay, or nobody could read the value. */
  redactDeep<T>(value: T): T {
    return this.#deep(value) as T;
  }

  #deep(value: unknown): unknown {
    if (typeof value === 'string') return this.redact(value);
    if (Array.isArray(value)) return value.map((item) => this.#deep(item));
    if (typeof value !== 'object' || value === null) return value;
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, this.#deep(item)]));
  }

  #current(): FormIndex {
    if (this.#indexed !== this.#forms.size) {
      this.#index = new FormIndex(this.#forms);
      this.#indexed = this.#forms.size;
    }
    return this.#index;
  }
}
