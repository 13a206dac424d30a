// Reads from a cluster what detect.ts judges: four lists, no writes.
import { isKubeError, type KubeClient, resources } from '../../kube/index.ts';
import type { Agent, ClusterFacts } from './facts.ts';

interface PodTemplate {
  readonly spec?:
    | {
        readonly containers?:
          | readonly {
              readonly name: string;
              readonly image?: string | undefined;
              readonly command?: readonly string[] | undefined;
              readonly args?: readonly string[] | undefined;
            }[]
          | undefined;
      }
    | undefined;
}

/**
 * DaemonSets and Deployments of all namespaces and nodes must be readable; resource definitions may be refused, then they are undefined.
 * Throws the KubeApiError of a list that fails.
 */
export async function clusterFacts(client: KubeClient, signal?: AbortSignal): Promise<ClusterFacts> {
  const options = signal === undefined ? {} : { signal };
  const [daemonSets, deployments, nodes, crds] = await Promise.all([
    client.list(resources.daemonSets, options),
    client.list(resources.deployments, options),
    client.list(resources.nodes, options),
    definitions(client, options),
  ]);
  return {
    agents: [
      ...daemonSets.items.map(
        ({ metadata, spec, status }): Agent => ({
          ...named('DaemonSet', metadata, spec?.template),
          wanted: status?.desiredNumberScheduled ?? 0,
          ready: status?.numberReady ?? 0,
        }),
      ),
      ...deployments.items.map(
        ({ metadata, spec, status }): Agent => ({
          ...named('Deployment', metadata, spec?.template),
          wanted: spec?.replicas ?? 1,
          ready: status?.readyReplicas ?? 0,
        }),
      ),
    ],
    crds,
    nodes: nodes.items.map(({ metadata, status }) => ({
      name: metadata?.name ?? '',
      kubeletVersion: status?.nodeInfo?.kubeletVersion ?? '',
    })),
  };
}

async function definitions(
  client: KubeClient,
  options: { readonly signal?: AbortSignal },
): Promise<readonly string[] | undefined> {
  try {
    const { items } = await client.list(resources.customResourceDefinitions, options);
    return items.map(({ metadata }) => metadata?.name ?? '');
  } catch (error) {
    if (isKubeError(error, 'CHR_KUBE_FORBIDDEN')) return undefined;
    throw error;
  }
}

function named(
  kind: Agent['kind'],
  metadata: { readonly name?: string | undefined; readonly namespace?: string | undefined } | undefined,
  template: PodTemplate | undefined,
): Pick<Agent, 'kind' | 'namespace' | 'name' | 'containers'> {
  const containers = (template?.spec?.containers ?? []).map(
    ({ name, image = '', command = [], args = [] }) => ({
      name,
      image,
      args: [...command, ...args],
    }),
  );
  return { kind, namespace: metadata?.namespace ?? '', name: metadata?.name ?? '', containers };
}
