// One Lease in memory with the API server's optimistic concurrency, behind the client's interface, on the test's clock. Each candidate has
// a line of its own to it, which the test can break before or after the write, or make slow.
import { type Clock, KubeApiError, type KubeClient, type Lease, pause } from '../../kube/index.ts';

export type Line = 'good' | 'refuses' | 'loses the answer' | 'silent';

export interface LeaseServer {
  readonly lease: () => Lease | undefined;
  readonly client: (line: () => { readonly state: Line; readonly delayMs: number }) => KubeClient;
}

export function leaseServer(clock: Clock): LeaseServer {
  let lease: Lease | undefined;
  let version = 0;

  function keep(next: Lease): Lease {
    version += 1;
    lease = { ...next, metadata: { ...next.metadata, resourceVersion: String(version) } };
    return lease;
  }

  return {
    lease: () => lease,
    client: (line) => {
      async function through<T>(timeoutMs: number, answer: () => T): Promise<T> {
        const { state, delayMs } = line();
        const lost = new KubeApiError('CHR_KUBE_TIMEOUT', 'no answer');
        if (state === 'silent' || delayMs > timeoutMs) {
          await pause(clock, timeoutMs);
          throw lost;
        }
        await pause(clock, delayMs / 2);
        if (state === 'refuses') throw new KubeApiError('CHR_KUBE_SERVER', 'refused', { status: 503 });
        const value = answer();
        await pause(clock, delayMs / 2);
        if (state === 'loses the answer') throw lost;
        return value;
      }
      const conflict = () => new KubeApiError('CHR_KUBE_CONFLICT', 'written meanwhile', { status: 409 });
      const found = {
        find: (_resource, _ref, options) => through(options?.timeoutMs ?? 15_000, () => lease as never),
        create: (_resource, object, options) =>
          through(options?.timeoutMs ?? 15_000, () => {
            if (lease !== undefined) throw conflict();
            return keep(object as Lease) as never;
          }),
        replace: (_resource, object, options) =>
          through(options?.timeoutMs ?? 15_000, () => {
            if (object.metadata?.resourceVersion !== lease?.metadata?.resourceVersion) throw conflict();
            return keep(object as Lease) as never;
          }),
      } satisfies Partial<KubeClient>;
      return found as unknown as KubeClient;
    },
  };
}
