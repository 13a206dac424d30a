// Follows the log of a container, line by line, also across connections that break: the path leads over the kubelet, and no
// NetworkPolicy cuts it.
import { createInterface } from 'node:readline';
import { type Caller, streamOf } from './call.ts';
import { kubeClient } from './client.ts';
import type { ClientOptions, KubeClient } from './client-types.ts';
import { pause, systemClock } from './clock.ts';
import { type ClusterAddress, loadKubeConfig } from './connect.ts';
import { isKubeError } from './errors.ts';
import { queryOf } from './query.ts';
import { pathOf, resources } from './resource.ts';
import { transport } from './transport.ts';

export interface LogSource {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

export interface FollowOptions {
  readonly signal: AbortSignal;
  /** Milliseconds without a line after which the connection counts as dead; 20,000. */
  readonly idleMs?: number;
}

/**
 * Yields every line from the container's start on, until `signal` ends it or the Pod is gone. After a broken connection some lines of
 * the last seconds come again: the reader has to know its lines. A refusal (403) is thrown.
 */
export type FollowLog = (source: LogSource, options: FollowOptions) => AsyncGenerator<string, void>;

export interface ClusterAccess {
  readonly client: KubeClient;
  readonly follow: FollowLog;
  readonly close: () => Promise<void>;
}

/** Client and logs of one cluster. Throws CHR_KUBECONFIG. Sends nothing yet. */
export function connectWithLogs(address: ClusterAddress = {}, options: ClientOptions = {}): ClusterAccess {
  const config = loadKubeConfig(address);
  const client = kubeClient(config, options);
  const caller: Caller = {
    transport: transport(config, options.name ?? 'charter-runner'),
    onRequest: options.onRequest ?? (() => {}),
  };
  return {
    client,
    follow: (source, follow) => linesOf(caller, source, follow),
    close: async () => {
      await Promise.all([client.close(), caller.transport.close()]);
    },
  };
}

const beginMs = 10_000;
const againMs = 250;
/** Clocks of nodes and lines under way: how far a new connection looks back. */
const overlapMs = 3_000;

async function* linesOf(
  caller: Caller,
  source: LogSource,
  { signal, idleMs = 20_000 }: FollowOptions,
): AsyncGenerator<string, void> {
  let lastLineAt: number | undefined;
  while (!signal.aborted) {
    try {
      for await (const line of linesOnce(caller, source, { signal, idleMs, since: lastLineAt })) {
        lastLineAt = performance.now();
        yield line;
      }
    } catch (error) {
      if (signal.aborted || isKubeError(error, 'CHR_KUBE_NOT_FOUND')) return;
      if (isKubeError(error, 'CHR_KUBE_FORBIDDEN', 'CHR_KUBE_UNAUTHORIZED')) throw error;
    }
    // The container starts again, or the API server does.
    await pause(systemClock, againMs, signal);
  }
}

async function* linesOnce(
  caller: Caller,
  { namespace, pod, container }: LogSource,
  from: { readonly signal: AbortSignal; readonly idleMs: number; readonly since: number | undefined },
): AsyncGenerator<string, void> {
  const { signal, idleMs, since } = from;
  const seconds =
    since === undefined ? undefined : Math.ceil((performance.now() - since + overlapMs) / 1_000);
  const query = queryOf({
    ...{ container, follow: 'true' },
    sinceSeconds: seconds === undefined ? undefined : String(seconds),
  });
  const body = await streamOf(caller, {
    method: 'GET',
    path: pathOf(resources.pods, { namespace, name: pod, subresource: 'log' }) + query,
    as: { verb: 'get', resource: 'pods', subresource: 'log' },
    ...{ signal, timeoutMs: beginMs, idleMs },
  });
  const onAbort = () => void body.destroy();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    yield* createInterface({ input: body, crlfDelay: Number.POSITIVE_INFINITY });
  } finally {
    signal.removeEventListener('abort', onAbort);
    body.destroy();
  }
}
