// The prober of "NetworkPolicies" for scenarios of Tenants: its Pods in a cluster, judged under policies that a chart has brought there.
import { type NetworkPolicy, openWorld, outsideTargets } from '../../runner/network/index.ts';
import type { Prober } from '../../suites/tenants/world.ts';
import { probeImage } from '../network/scene.ts';

/** Three clusters share the machine. */
const settleMs = 60_000;

export async function proberIn(kubeconfig: string): Promise<Prober> {
  const cluster = { kubeconfig };
  const { targets: outside } = await outsideTargets(cluster);
  const pods = { namespaces: ['x', 'y'], pods: ['a', 'b'], timeoutMs: 2_000 };
  const world = await openWorld({
    ...{ cluster, ...pods, outside, settleMs },
    ...({ image: probeImage, imagePullPolicy: 'Never' } as const),
  });
  return {
    namespace: world.names.namespace,
    // What rests on "open before" is seen open again by the next judgement without policies, which is an error otherwise.
    judge: async ({ name, policies, labels }) => {
      const found = policies as unknown as readonly NetworkPolicy[];
      const { verdict, text, cells } = await world.step({ name, policies: [], found, podLabels: labels });
      return { verdict, text, denied: cells.filter(({ expected }) => expected === 'denied').length };
    },
    close: () => world.close(),
  };
}
