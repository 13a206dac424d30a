// Requests to chart repositories and registries: bounded in time and size, and every failure says which URL it was.
import { type Dispatcher, request } from 'undici';
import { CharterError } from '../../errors/index.ts';

export interface Fetched {
  readonly status: number;
  readonly headers: Dispatcher.ResponseData['headers'];
  readonly body: Buffer;
}

export interface FetchOptions {
  readonly signal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: 'GET' | 'HEAD';
  readonly timeoutMs?: number;
}

const longestBody = 64 * 1024 * 1024;
const mostRedirects = 5;

/** Any status; follows redirects, without taking credentials to another host. Throws CHR_CHART_NOT_LOADED when no answer comes. */
export async function fetchFrom(url: string, options: FetchOptions = {}): Promise<Fetched> {
  const { signal, timeoutMs = 30_000, method = 'GET' } = options;
  const limit = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal === undefined ? [] : [signal])]);
  try {
    let at = new URL(url);
    let headers = options.headers ?? {};
    for (let hop = 0; ; hop += 1) {
      const response = await request(at, { method, headers, signal: limit });
      const location = response.headers.location;
      if (response.statusCode < 300 || response.statusCode > 399 || typeof location !== 'string')
        return {
          status: response.statusCode,
          headers: response.headers,
          body: await bounded(response.body, url),
        };
      await response.body.dump();
      if (hop === mostRedirects) throw notLoaded(url, 'too many redirects');
      const next = new URL(location, at);
      if (next.host !== at.host) headers = {};
      at = next;
    }
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof CharterError) throw cause;
    throw notLoaded(url, limit.aborted ? `no answer within ${timeoutMs / 1000} s` : wordsOf(cause));
  }
}

async function bounded(body: Dispatcher.ResponseData['body'], url: string): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of body as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > longestBody) throw notLoaded(url, `more than ${longestBody} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** The message is the same each time the same thing happens, so that it changes no status. */
export function notLoaded(url: string, why: string): CharterError {
  return new CharterError('CHR_CHART_NOT_LOADED', `${withoutCredentials(url)}: ${why}`);
}

/** A URL may carry a password; a message must not. */
export function withoutCredentials(url: string): string {
  return url.replace(/\/\/[^/@]*@/, '//').replace(/\?.*$/, '');
}

/** The code, where there is one: it is the same each time, and quotes nothing. */
export function wordsOf(cause: unknown): string {
  const { code, message } = cause as { code?: string; message?: string };
  return code ?? message ?? String(cause);
}
