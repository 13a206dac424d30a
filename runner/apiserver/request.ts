// One JSON request to the API server, with the ServiceAccount's token and CA. By node:https: undici takes four times as long to load, at the start of each Pod.
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { CharterError } from '../errors/index.ts';
import type { ApiServerAccess } from './access.ts';

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  readonly path: string;
  readonly body?: object;
  /** Milliseconds for one try; 5,000 when not given. */
  readonly timeoutMs?: number;
  /**
   * Milliseconds to ask again while nothing, 429 or 5xx comes back; one try when not given. Where a Pod has just started, its
   * NetworkPolicy may not let it through for the first seconds.
   */
  readonly patienceMs?: number;
}

export interface ApiAnswer {
  readonly status: number;
  /** Undefined when the body is no JSON. */
  readonly body: unknown;
}

const pauseMs = 500;

/** Any status is an answer; CHR_APISERVER when none came back. */
export async function requestApiServer(access: ApiServerAccess, request: ApiRequest): Promise<ApiAnswer> {
  const until = performance.now() + (request.patienceMs ?? 0);
  for (;;) {
    const mayAskAgain = performance.now() + pauseMs < until;
    try {
      const answer = await requestOnce(access, request);
      if (!mayAskAgain || !isTransient(answer.status)) return answer;
    } catch (error) {
      if (!mayAskAgain) throw error;
    }
    await sleep(pauseMs);
  }
}

/** What another try may answer otherwise; a refusal stays one. */
function isTransient(status: number): boolean {
  return status === 429 || status >= 500;
}

async function requestOnce(access: ApiServerAccess, request: ApiRequest): Promise<ApiAnswer> {
  const { method, path, body, timeoutMs = 5_000 } = request;
  const signal = AbortSignal.timeout(timeoutMs);
  const asked = httpsRequest(access.url + path, {
    ...{ method, signal, ca: access.ca, agent: false },
    headers: {
      authorization: `Bearer ${access.token()}`,
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
  });
  try {
    asked.end(body === undefined ? undefined : JSON.stringify(body));
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    return { status: answer.statusCode ?? 0, body: parsed(await text(answer)) };
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const seen = signal.aborted ? `no answer within ${timeoutMs} ms` : (code ?? message);
    throw new CharterError('CHR_APISERVER', `${method} ${access.url}${path}: ${seen}`, { cause });
  } finally {
    asked.destroy();
  }
}

/** The API server's own words for a refusal (`kind: Status`), or nothing. */
export function refusalOf({ status, body }: ApiAnswer): string {
  const { message } = (body ?? {}) as { message?: unknown };
  return typeof message === 'string' && message !== '' ? `${status}: ${message}` : String(status);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
