// What cases print side by side: a stream for each, so that what another one prints in between does not part a secret.
import type { Redactor } from './redactor.ts';
import { RedactingStream } from './stream.ts';

export class RedactedOutput {
  readonly #redactor: Redactor;
  readonly #show: (text: string) => unknown;
  readonly #streams = new Map<string | undefined, RedactingStream>();

  constructor(redactor: Redactor, show: (text: string) => void) {
    this.#redactor = redactor;
    this.#show = (text) => text !== '' && show(text);
  }

  /** `from`: who printed it; undefined where nobody knows. */
  push(text: string, from?: string): void {
    const stream = this.#streams.get(from) ?? new RedactingStream(this.#redactor);
    this.#streams.set(from, stream);
    this.#show(stream.push(text));
  }

  /** Shows what was held back of one that prints no more. */
  end(from: string): void {
    const stream = this.#streams.get(from);
    this.#streams.delete(from);
    if (stream !== undefined) this.#show(stream.flush());
  }

  /** Of all. */
  flush(): void {
    for (const stream of this.#streams.values()) this.#show(stream.flush());
    this.#streams.clear();
  }
}
