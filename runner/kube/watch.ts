// A watch as a sequence of events, from the lines that the API server streams.
import type { Dispatcher } from 'undici';
import { type Caller, isStatus, streamOf, unreachable } from './call.ts';
import type { WatchEvent, WatchOptions } from './client-types.ts';
import { codeOf, KubeApiError } from './errors.ts';
import { queryOf } from './query.ts';
import { pathOf, type Resource } from './resource.ts';
import type { KubeObject } from './types.ts';

/** Milliseconds until a watch must have begun. */
const beginMs = 30_000;

export async function* watchOf<T extends KubeObject>(
  caller: Caller,
  resource: Resource<T>,
  options: WatchOptions,
): AsyncGenerator<WatchEvent<T>> {
  const { namespace, labelSelector, fieldSelector, resourceVersion, signal } = options;
  const { timeoutSeconds = 300, idleMs = 90_000 } = options;
  const path = pathOf(resource, namespace === undefined ? {} : { namespace });
  const query = queryOf({
    ...{ watch: 'true', allowWatchBookmarks: 'true', resourceVersion, labelSelector, fieldSelector },
    timeoutSeconds: String(timeoutSeconds),
  });
  const what = `WATCH ${caller.transport.server}${path}`;
  const body = await streamOf(caller, {
    method: 'GET',
    path: path + query,
    as: { verb: 'watch', resource: resource.plural },
    ...{ signal, timeoutMs: beginMs, idleMs },
  });
  options.onBegin?.();
  const onAbort = () => void body.destroy();
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    for await (const line of linesOf(body)) yield eventOf<T>(what, line);
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    throw error instanceof KubeApiError ? error : unreachable(what, error);
  } finally {
    signal?.removeEventListener('abort', onAbort);
    body.destroy();
  }
  if (signal?.aborted) throw signal.reason;
}

async function* linesOf(body: Dispatcher.ResponseData['body']): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  // Only the destruction of the body ends it early, and that is an error of the reading loop, not of the process.
  body.on('error', () => {});
  for await (const chunk of body) {
    rest += decoder.decode(chunk as Uint8Array, { stream: true });
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
      const line = rest.slice(0, end);
      rest = rest.slice(end + 1);
      if (line.trim() !== '') yield line;
    }
  }
}

function eventOf<T extends KubeObject>(what: string, line: string): WatchEvent<T> {
  const { type, object } = parse(what, line);
  if (type === 'BOOKMARK')
    return { type, resourceVersion: (object as KubeObject).metadata?.resourceVersion ?? '' };
  if (type === 'ADDED' || type === 'MODIFIED' || type === 'DELETED') return { type, object: object as T };
  const status = isStatus(object) ? object : {};
  throw new KubeApiError(
    codeOf(status.code ?? 0, status.reason),
    `${what}: ${status.message ?? line.slice(0, 300)}`,
    {
      ...(status.code === undefined ? {} : { status: status.code }),
      body: status,
    },
  );
}

function parse(what: string, line: string): { readonly type?: string; readonly object?: unknown } {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new KubeApiError('CHR_KUBE_SERVER', `${what}: a line that is no JSON: ${line.slice(0, 200)}`, {
      cause,
    });
  }
}
