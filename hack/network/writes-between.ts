// Which writes lead from one state of the catalogue to another, by verb, kind and name. Written a second time here: the runner's own way of
// finding them is what is held against it.
import type { Labels, State } from '../../suites/network/catalogue/step.ts';

export interface Ask {
  readonly verb: 'create' | 'replace' | 'delete' | 'patch';
  readonly kind: 'NetworkPolicy' | 'Pod' | 'Namespace';
  /** `x/p`, `x/a`, `x`. */
  readonly name: string;
  /** Of a patch: those that differ. */
  readonly labels: readonly string[];
}

export function writesBetween(from: State, to: State): readonly Ask[] {
  return [...ofPolicies(from, to), ...ofPods(from, to), ...ofLabels(from, to)];
}

/** One that is in both may be replaced: addresses in it may differ, which are known in a world only. */
function ofPolicies(from: State, to: State): readonly Ask[] {
  const names = ({ policies }: State) =>
    policies.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
  const [old, next] = [names(from), names(to)];
  return [
    ...asks('create', 'NetworkPolicy', lacking(next, old)),
    ...asks(
      'replace',
      'NetworkPolicy',
      next.filter((name) => old.includes(name)),
    ),
    ...asks('delete', 'NetworkPolicy', lacking(old, next)),
  ];
}

function ofPods(from: State, to: State): readonly Ask[] {
  const come = [...lacking(to.morePods, from.morePods), ...lacking(from.withoutPods, to.withoutPods)];
  const go = [...lacking(from.morePods, to.morePods), ...lacking(to.withoutPods, from.withoutPods)];
  return [...asks('create', 'Pod', come), ...asks('delete', 'Pod', go)];
}

function lacking(some: readonly string[] = [], others: readonly string[] = []): readonly string[] {
  return some.filter((name) => !others.includes(name));
}

function asks(verb: Ask['verb'], kind: Ask['kind'], names: readonly string[]): readonly Ask[] {
  return names.map((name) => ({ verb, kind, name, labels: [] }));
}

function ofLabels(from: State, to: State): readonly Ask[] {
  return [
    ...patches('Pod', from.podLabels, to.podLabels),
    ...patches('Namespace', from.namespaceLabels, to.namespaceLabels),
  ];
}

function patches(
  kind: 'Pod' | 'Namespace',
  from: Readonly<Record<string, Labels>>,
  to: Readonly<Record<string, Labels>>,
): readonly Ask[] {
  return [...new Set([...Object.keys(from), ...Object.keys(to)])].flatMap((name): readonly Ask[] => {
    const [old = {}, next = {}] = [from[name], to[name]];
    const labels = Object.keys({ ...old, ...next }).filter((label) => old[label] !== next[label]);
    return labels.length === 0 ? [] : [{ verb: 'patch', kind, name, labels }];
  });
}
