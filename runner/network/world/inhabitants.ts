// Who is in a world in a state: its namespaces and Pods with the labels that they have by it, and by the API server.
import type { NamespaceInfo } from '../model/types.ts';
import type { State } from './changes.ts';
import type { RunningPod } from './expectation.ts';
import { baseNamespaceLabels, controlNamespace, harnessLabels, isControl, realNamespace } from './names.ts';
import type { Probers } from './probers.ts';
import { requireOwnLabels } from './stored.ts';
import type { Writer } from './writer.ts';

export interface Inhabitants {
  readonly namespaces: readonly NamespaceInfo[];
  /** In the order of the plan. */
  readonly pods: readonly RunningPod[];
}

interface Place {
  readonly suffix: string;
  readonly probers: Pick<Probers, 'pods'>;
}

export function inhabitantsOf({ suffix, probers }: Place, state: State): Inhabitants {
  const harness = harnessLabels(suffix);
  const control = [controlNamespace, baseNamespaceLabels(controlNamespace)] as const;
  return {
    namespaces: [...state.namespaceLabels, control].map(([short, labels]) => ({
      name: realNamespace(suffix, short),
      labels: { ...labels, ...harness, 'pod-security.kubernetes.io/enforce': 'restricted' },
    })),
    pods: probers.pods
      .filter(({ id }) => isControl(id) || state.podLabels.has(id))
      .map((pod) => {
        const labels = state.podLabels.get(pod.id);
        return labels === undefined
          ? pod
          : { ...pod, info: { ...pod.info, labels: { ...labels, ...harness } } };
      }),
  };
}

/** Throws CHR_WORLD where somebody added a label to one of them that a policy of the state selects by. */
export function requireNoOthersLabels(place: Place & { readonly writer: Writer }, state: State): void {
  const { namespaces, pods } = inhabitantsOf(place, state);
  const labelled = (kind: 'Namespace' | 'Pod', name: string, declared: NamespaceInfo['labels']) => ({
    ...{ kind, name, declared },
    stored: place.writer.labelsOf(kind, name),
  });
  requireOwnLabels(
    [...state.policies, ...state.found],
    [
      ...namespaces.map(({ name, labels }) => labelled('Namespace', name, labels)),
      ...pods.map(({ info }) => labelled('Pod', `${info.namespace}/${info.name}`, info.labels)),
    ],
  );
}
