// Redacts text that comes in pieces: holds back what may still turn out to be the beginning of a secret, and no more.
import type { Redactor } from './redactor.ts';
import { hide } from './spans.ts';

/** A credential without an end is shortened beyond this, so that it does not fill the memory. What stays shows its form. */
const longestHeld = 16_384;
const keptOfForm = 8_192;

export class RedactingStream {
  readonly #redactor: Redactor;
  #held = '';

  constructor(redactor: Redactor) {
    this.#redactor = redactor;
  }

  /** Returns what is safe to show now. */
  push(chunk: string): string {
    this.#held += chunk;
    const { longest } = this.#redactor;
    const { spans, open, endless } = this.#redactor.find(this.#held);
    let cut = Math.min(open, this.#held.length - longest + 1);
    for (const { from, end } of spans.toReversed()) {
      // A span that reaches the end may go on in the next piece.
      if (from < cut && (end > cut || end === this.#held.length)) cut = from;
    }
    cut = this.#betweenPairs(cut);
    const visible = spans.filter(({ end }) => end <= cut);
    const shown = cut > 0 ? hide(this.#held.slice(0, cut), visible) : '';
    const from = Math.max(cut, 0);
    if (endless !== undefined && endless.end - endless.start > longestHeld) {
      this.#held = this.#held.slice(from, endless.start + keptOfForm) + this.#held.slice(-longest);
    } else this.#held = this.#held.slice(from);
    return shown;
  }

  /** The rest; nothing is held back after this. */
  flush(): string {
    const rest = this.#redactor.redact(this.#held);
    this.#held = '';
    return rest;
  }

  /** Half a surrogate pair would reach the terminal as U+FFFD. */
  #betweenPairs(cut: number): number {
    return cut > 0 && /[\ud800-\udbff]/.test(this.#held.charAt(cut - 1)) ? cut - 1 : cut;
  }
}
