// One call as the client makes them all: bounded in time, counted, and answered with a value or a KubeApiError.
import type { Dispatcher } from 'undici';
import { CharterError } from '../errors/index.ts';
import type { RequestRecord } from './client-types.ts';
import { type ApiStatus, codeOf, KubeApiError } from './errors.ts';
import type { Exchange, Transport } from './transport.ts';

export interface Call extends Pick<Exchange, 'method' | 'path' | 'body'> {
  /** What is counted. */
  readonly as: Pick<RequestRecord, 'verb' | 'resource' | 'subresource'>;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs: number;
  /** See WatchOptions.idleMs. */
  readonly idleMs?: number;
}

export interface Caller {
  readonly transport: Transport;
  readonly onRequest: (request: RequestRecord) => void;
}

/** What the API server answered, parsed. */
export async function answerTo(caller: Caller, call: Call): Promise<unknown> {
  return bounded(caller, call, async (response) => {
    const text = await response.body.text();
    const parsed = parse(text);
    if (response.statusCode >= 200 && response.statusCode < 300) return parsed ?? text;
    throw refusal(caller, call, response, parsed, text);
  });
}

/** The answer's body as it comes; only its beginning is bound by `timeoutMs`. Whoever reads it ends it. */
export async function streamOf(caller: Caller, call: Call): Promise<Dispatcher.ResponseData['body']> {
  return bounded(caller, call, async (response) => {
    if (response.statusCode === 200) return response.body;
    const text = await response.body.text();
    throw refusal(caller, call, response, parse(text), text);
  });
}

async function bounded<T>(
  { transport, onRequest }: Caller,
  call: Call,
  read: (response: Dispatcher.ResponseData) => Promise<T>,
): Promise<T> {
  const { as, signal, timeoutMs, idleMs = timeoutMs, ...exchange } = call;
  signal?.throwIfAborted();
  const ended = new AbortController();
  const tooLate = new Error(`no answer within ${timeoutMs} ms`);
  const timer = setTimeout(() => ended.abort(tooLate), timeoutMs);
  const onAbort = () => ended.abort(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  const began = performance.now();
  const count = (status: RequestRecord['status']) =>
    onRequest({ ...as, status, ms: performance.now() - began });
  let status: number | undefined;
  try {
    const response = await transport.send({ ...exchange, signal: ended.signal, idleMs });
    status = response.statusCode;
    const answer = await read(response);
    count(status);
    return answer;
  } catch (error) {
    if (error instanceof CharterError) {
      if (status !== undefined) count(status);
      throw error;
    }
    const what = `${call.method} ${transport.server}${call.path}`;
    if (signal?.aborted) {
      count('aborted');
      throw signal.reason;
    }
    if (ended.signal.aborted) {
      count('timeout');
      throw new KubeApiError('CHR_KUBE_TIMEOUT', `${what}: ${tooLate.message}`);
    }
    count('unreachable');
    throw unreachable(what, error);
  } finally {
    clearTimeout(timer);
    // The stream of a watch outlives this call and is ended by its reader, who knows the signal.
    signal?.removeEventListener('abort', onAbort);
  }
}

/** A connection that was refused, reset, or fell silent. */
export function unreachable(what: string, cause: unknown): KubeApiError {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === 'UND_ERR_BODY_TIMEOUT')
    return new KubeApiError('CHR_KUBE_TIMEOUT', `${what}: the connection fell silent`, { cause });
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT')
    return new KubeApiError('CHR_KUBE_TIMEOUT', `${what}: no connection came about`, { cause });
  const seen = code === undefined || message.includes(code) ? message : `${code}: ${message}`;
  return new KubeApiError('CHR_KUBE_UNREACHABLE', `${what}: ${seen}`, { cause });
}

function refusal(
  { transport }: Caller,
  { method, path }: Call,
  { statusCode, headers }: Dispatcher.ResponseData,
  parsed: unknown,
  text: string,
): KubeApiError {
  const body = isStatus(parsed) ? parsed : undefined;
  const said = body?.message ?? text.slice(0, 300);
  return new KubeApiError(
    codeOf(statusCode, body?.reason),
    `${method} ${transport.server}${path}: ${statusCode}${said === '' ? '' : `: ${said}`}`,
    { status: statusCode, ...optional(body, retryAfter(headers['retry-after'], body)) },
  );
}

function optional(body: ApiStatus | undefined, retryAfterMs: number | undefined) {
  return { ...(body === undefined ? {} : { body }), ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

function retryAfter(header: unknown, body: ApiStatus | undefined): number | undefined {
  const seconds = typeof header === 'string' ? Number(header) : body?.details?.retryAfterSeconds;
  return seconds === undefined || !Number.isFinite(seconds) || seconds < 0 ? undefined : seconds * 1_000;
}

export function isStatus(value: unknown): value is ApiStatus {
  return typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'Status';
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
