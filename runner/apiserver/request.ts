// One JSON request to the API server over undici, with the ServiceAccount's token and CA.
import { CharterError } from '../errors/index.ts';
import type { ApiServerAccess } from './access.ts';

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  readonly path: string;
  readonly body?: object;
  /** Milliseconds for the whole request; 5,000 when not given. */
  readonly timeoutMs?: number;
}

export interface ApiAnswer {
  readonly status: number;
  /** Undefined when the body is no JSON. */
  readonly body: unknown;
}

/** Any status is an answer; CHR_APISERVER when none came back. */
export async function requestApiServer(access: ApiServerAccess, request: ApiRequest): Promise<ApiAnswer> {
  const { method, path, body, timeoutMs = 5_000 } = request;
  // undici costs a tenth of a second to load, and most runs never ask the API server.
  const { Client } = await import('undici');
  const client = new Client(access.url, { connect: { ca: access.ca } });
  try {
    const answer = await client.request({
      method,
      path,
      headers: {
        authorization: `Bearer ${access.token()}`,
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(timeoutMs),
    });
    return { status: answer.statusCode, body: parsed(await answer.body.text()) };
  } catch (cause) {
    const { code, name, message } = cause as NodeJS.ErrnoException;
    const seen = name === 'TimeoutError' ? `no answer within ${timeoutMs} ms` : (code ?? message);
    throw new CharterError('CHR_APISERVER', `${method} ${access.url}${path}: ${seen}`, { cause });
  } finally {
    await client.destroy();
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
