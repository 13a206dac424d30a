// One request over a pool, with one exact deadline and the phase it failed in. Below undici.request: no stream per answer.
import type { Dispatcher, Pool } from 'undici';
import type { Opening } from './connector.ts';
import { type ExchangeTimings, type HttpExchange, roundMs } from './exchange.ts';
import { socketFailure } from './failure-kind.ts';
import type { ResponseHeaders } from './result.ts';
import { TargetError, type TargetErrorKind } from './target-error.ts';

export interface SendOptions {
  readonly target: string;
  readonly url: URL;
  readonly method: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | null;
  readonly timeoutMs: number;
  readonly maxBodyBytes: number;
  readonly claimOpening: (since: number) => Opening | undefined;
}

export interface Answer {
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly text: string;
  readonly timings: ExchangeTimings;
}

/** Resolves for failures of the target; rejects only for mistakes of the caller, such as a header that HTTP forbids. */
export function send(pool: Pool, options: SendOptions): Promise<Answer | { readonly error: TargetError }> {
  return new Promise((resolve, reject) => {
    const call = new Call(options, resolve, reject);
    const { url, method, headers, body } = options;
    pool.dispatch(
      {
        path: url.pathname + url.search,
        method: method as Dispatcher.HttpMethod,
        headers: headers.flat(),
        body,
      },
      call,
    );
  });
}

/** Where a request stands; a failure names the phase it met. */
type Phase = 'connection' | 'headers' | 'body' | 'done';

class Call implements Dispatcher.DispatchHandler {
  readonly #options: SendOptions;
  readonly #resolve: (outcome: Answer | { readonly error: TargetError }) => void;
  readonly #reject: (error: unknown) => void;
  readonly #startedAt = performance.now();
  readonly #timer: NodeJS.Timeout;
  #phase: Phase = 'connection';
  #controller: Dispatcher.DispatchController | undefined;
  #opening: Opening | undefined;
  #ttfb: number | undefined;
  #status: number | undefined;
  #headers: ResponseHeaders = {};
  #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(
    options: SendOptions,
    resolve: (outcome: Answer | { readonly error: TargetError }) => void,
    reject: (error: unknown) => void,
  ) {
    this.#options = options;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#timer = setTimeout(() => this.#fail('timeout', this.#missing()), options.timeoutMs);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // The deadline may have passed while the socket was still opening.
    if (this.#phase === 'done') return void controller.abort(new Error('deadline passed'));
    this.#controller = controller;
    this.#opening = this.#options.claimOpening(this.#startedAt);
    this.#phase = 'headers';
  }

  onResponseStart(
    _: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (status < 200) return;
    this.#ttfb ??= this.#elapsed();
    this.#status = status;
    this.#headers = headers as ResponseHeaders;
    this.#phase = 'body';
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#options.maxBodyBytes) {
      this.#fail('bad-answer', `a body of more than ${this.#options.maxBodyBytes} bytes`);
      return;
    }
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (this.#phase === 'done') return;
    this.#end();
    const [only] = this.#chunks;
    const bytes =
      this.#chunks.length === 1 && only !== undefined ? only : Buffer.concat(this.#chunks, this.#bytes);
    const answer: Answer = {
      status: this.#status ?? 0,
      headers: this.#headers,
      text: bytes.toString('utf8'),
      timings: this.#timings(),
    };
    // undici takes the connection back one turn of the loop later; a caller that went on at once would open another.
    queueMicrotask(() => setImmediate(() => this.#resolve(answer)));
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    if (this.#phase === 'done') return;
    const failure = socketFailure(error);
    if (failure === undefined) {
      this.#end();
      this.#reject(error);
      return;
    }
    const where = this.#phase === 'connection' ? failure.seen : `${failure.seen}, ${this.#missing()}`;
    // The parser's error quotes the bytes it met, which may be row values: it is no cause to keep.
    this.#fail(failure.kind, where, failure.kind === 'bad-answer' ? undefined : error);
  }

  #fail(kind: TargetErrorKind, got: string, cause?: Error): void {
    if (this.#phase === 'done') return;
    const controller = this.#controller;
    this.#end();
    const { target, url, method } = this.#options;
    const timings = this.#timings();
    const http: HttpExchange = {
      method,
      url: url.href,
      ...(this.#status === undefined ? {} : { status: this.#status }),
      timings,
    };
    const error = new TargetError(kind, {
      target,
      url: url.href,
      expected: 'an HTTP answer',
      got: kind === 'timeout' ? `${got} after ${Math.round(timings.total)} ms` : got,
      http,
      waitedMs: timings.total,
      ...(cause === undefined ? {} : { cause }),
    });
    this.#resolve({ error });
    controller?.abort(error);
  }

  #missing(): string {
    switch (this.#phase) {
      case 'connection':
        return 'no connection';
      case 'headers':
        return 'no answer to the request';
      default:
        return `status ${this.#status ?? 0}, then only ${this.#bytes} bytes of the body`;
    }
  }

  #end(): void {
    this.#phase = 'done';
    clearTimeout(this.#timer);
  }

  #elapsed(): number {
    return performance.now() - this.#startedAt;
  }

  #timings(): ExchangeTimings {
    return {
      ...(this.#opening === undefined
        ? {}
        : { dns: roundMs(this.#opening.dnsMs), connect: roundMs(this.#opening.connectMs) }),
      ...(this.#ttfb === undefined ? {} : { ttfb: roundMs(this.#ttfb) }),
      total: roundMs(this.#elapsed()),
    };
  }
}
