// A client that writes only while leadership holds. A process that was paused (a frozen node, a stopped process) wakes up in the middle of
// a reconcile and would go on writing beside the new leader until a timer fires; here every write looks at the clock first. What is
// already on its way cannot be called back: that is what resourceVersion preconditions are for.
import { CharterError } from '../errors/index.ts';
import type { KubeClient } from '../kube/index.ts';
import type { Leadership } from './types.ts';

/** Reads go through; writes throw CHR_LEADERSHIP_LOST once `mayAct()` is false. */
export function fenced(client: KubeClient, { mayAct, identity }: Leadership): KubeClient {
  async function check(what: string): Promise<void> {
    if (!mayAct())
      throw new CharterError('CHR_LEADERSHIP_LOST', `${what} was not sent: ${identity} leads no more`);
  }
  return {
    ...client,
    create: async (resource, ...rest) => {
      await check(`create ${resource.plural}`);
      return client.create(resource, ...rest);
    },
    replace: async (resource, ...rest) => {
      await check(`replace ${resource.plural}`);
      return client.replace(resource, ...rest);
    },
    patch: async (resource, ...rest) => {
      await check(`patch ${resource.plural}`);
      return client.patch(resource, ...rest);
    },
    delete: async (resource, ...rest) => {
      await check(`delete ${resource.plural}`);
      return client.delete(resource, ...rest);
    },
  };
}
