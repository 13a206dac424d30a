// From the state that is to the state that a step declares: the fewest writes. Pure.
import type { Labels, NetworkPolicy } from '../model/types.ts';
import type { PodId } from '../verdict/index.ts';
import type { StepDeclaration } from './declaration.ts';
import { baseNamespaceLabels, basePodLabels } from './names.ts';

/** What a world is in. Labels are whole, without those of the harness. */
export interface State {
  readonly policies: readonly NetworkPolicy[];
  /** Not the world's own. */
  readonly found: readonly NetworkPolicy[];
  readonly namespaceLabels: ReadonlyMap<string, Labels>;
  readonly podLabels: ReadonlyMap<PodId, Labels>;
}

export interface Bounds {
  /** Short names, without the control peers'. */
  readonly namespaces: readonly string[];
  readonly pods: readonly PodId[];
}

/** The Pods of the state are the keys of its `podLabels`. */
export function declaredState(declaration: StepDeclaration, { namespaces, pods }: Bounds): State {
  const without = new Set(declaration.withoutPods);
  const there = [...pods, ...(declaration.morePods ?? [])].filter((id) => !without.has(id));
  return {
    policies: declaration.policies,
    found: declaration.found ?? [],
    namespaceLabels: new Map(
      namespaces.map((short) => [
        short,
        { ...baseNamespaceLabels(short), ...declaration.namespaceLabels?.[short] },
      ]),
    ),
    podLabels: new Map(there.map((id) => [id, { ...basePodLabels(id), ...declaration.podLabels?.[id] }])),
  };
}

/** Null removes a label. */
export type LabelPatch = Readonly<Record<string, string | null>>;

export interface Changes {
  readonly removePolicies: readonly NetworkPolicy[];
  readonly putPolicies: readonly NetworkPolicy[];
  readonly namespaceLabels: ReadonlyMap<string, LabelPatch>;
  readonly podLabels: ReadonlyMap<PodId, LabelPatch>;
  readonly removePods: readonly PodId[];
  /** With the labels beyond the base ones. */
  readonly createPods: ReadonlyMap<PodId, Labels>;
}

export function changesBetween(is: State, wanted: State): Changes {
  const key = ({ metadata }: NetworkPolicy) => `${metadata.namespace}/${metadata.name}`;
  const have = new Map(is.policies.map((policy) => [key(policy), policy]));
  const want = new Map(wanted.policies.map((policy) => [key(policy), policy]));
  return {
    removePolicies: is.policies.filter((policy) => !want.has(key(policy))),
    putPolicies: wanted.policies.filter((policy) => {
      const old = have.get(key(policy));
      return old === undefined || JSON.stringify(old.spec) !== JSON.stringify(policy.spec);
    }),
    namespaceLabels: labelPatches(is.namespaceLabels, wanted.namespaceLabels),
    podLabels: labelPatches(is.podLabels, wanted.podLabels),
    removePods: [...is.podLabels.keys()].filter((id) => !wanted.podLabels.has(id)),
    createPods: new Map([...wanted.podLabels].filter(([id]) => !is.podLabels.has(id))),
  };
}

export function isNothing(changes: Changes): boolean {
  return Object.values(changes).every((one) => (Array.isArray(one) ? one.length : one.size) === 0);
}

/** Then everybody gets another plan. */
export function movesPods({ removePods, createPods }: Changes): boolean {
  return removePods.length > 0 || createPods.size > 0;
}

/** Of those that are in both. */
function labelPatches(
  is: ReadonlyMap<string, Labels>,
  wanted: ReadonlyMap<string, Labels>,
): ReadonlyMap<string, LabelPatch> {
  const patches = [...wanted].flatMap(([id, labels]): [string, LabelPatch][] => {
    const old = is.get(id);
    if (old === undefined) return [];
    const gone = Object.keys(old).filter((name) => !(name in labels));
    const set = Object.entries(labels).filter(([name, value]) => old[name] !== value);
    const patch = { ...Object.fromEntries(gone.map((name) => [name, null])), ...Object.fromEntries(set) };
    return Object.keys(patch).length === 0 ? [] : [[id, patch]];
  });
  return new Map(patches);
}
