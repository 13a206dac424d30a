// A running cluster as a NetworkState. The Kubernetes client is loaded only here, so that offline commands start without it.
import { CharterError } from '../../errors/index.ts';
import type { ClusterAddress } from '../../kube/index.ts';
import { StateReader } from './from-objects.ts';
import type { NetworkState } from './types.ts';

/**
 * Reads namespaces, Pods, NetworkPolicies, Services and EndpointSlices, and writes nothing. Throws the KubeApiError of a read that is
 * refused or fails, and CHR_MANIFEST_INVALID for an object that holds what is not understood: neither is ever an empty state.
 */
export async function readCluster(address: ClusterAddress): Promise<NetworkState> {
  const { connect, takeSnapshot } = await import('../../kube/index.ts');
  const client = connect(address);
  try {
    const { objects, notRead, server } = await takeSnapshot(client);
    const reader = new StateReader({ namespace: 'default', source: server });
    for (const object of objects) {
      const [problem] = reader.add(object);
      if (problem !== undefined) {
        const { namespace = '', name = '' } = object.metadata ?? {};
        const where = `${object.kind} ${namespace}/${name}: ${problem.path.join('.')}`;
        throw new CharterError('CHR_MANIFEST_INVALID', `${server}: ${where} ${problem.message}`, {
          hint: 'The object was made by a newer Kubernetes, or by hand; no verdict is given without understanding it.',
        });
      }
    }
    const state = reader.state();
    return { ...state, notJudged: [...state.notJudged, ...notRead] };
  } finally {
    await client.close();
  }
}
