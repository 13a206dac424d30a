// What a green run of the catalogue writes, without a cluster: the walk of net.campaign.ts in short, with the runner's own writes from state
// to state. For tests of what holds writes against the catalogue.
import {
  type Changes,
  changesBetween,
  declaredState,
  type LabelPatch,
} from '../../runner/network/world/changes.ts';
import { catalogue } from '../../suites/network/catalogue/index.ts';
import type { Scene, State, Step } from '../../suites/network/catalogue/step.ts';
import type { StepLine } from './runs.ts';

type Write = StepLine['writes'][number];

const suffix = '0a1b2c';
const real = (short: string) => `charter-net-${suffix}-${short}`;
const scene: Scene = {
  namespace: real,
  address: (pod) => `10.0.${pod.charCodeAt(0)}.${pod.charCodeAt(2)}`,
  apiServer: { address: '10.1.0.2', port: 6443 },
};
const shorts = ['x', 'y', 'z'];
const bounds = {
  namespaces: shorts,
  pods: shorts.flatMap((ns) => ['a', 'b', 'c'].map((pod) => `${ns}/${pod}`)),
};
const bare: State = { policies: [], podLabels: {}, namespaceLabels: {} };
const byId = new Map(catalogue.map((step) => [step.id, step]));

/** Every third step rests on open before and after, and so ends without its policies. */
export function walkOf(steps: readonly Step[]): readonly StepLine[] {
  let at: State = bare;
  let stands: string | undefined;
  let otherPodsOf: string | undefined;
  return steps.map((step, index) => {
    const writes: Write[] = [];
    const goTo = (next: State) => {
      const [is, wanted] = [at, next].map((state) => declaredState({ name: step.id, ...state }, bounds));
      if (is !== undefined && wanted !== undefined) writes.push(...writesOf(changesBetween(is, wanted), at));
      at = next;
    };
    const follows = byId.get(step.follows ?? '');
    if (follows === undefined || stands !== follows.id) {
      if (otherPodsOf !== undefined && otherPodsOf !== follows?.id) goTo(bare);
      if (follows !== undefined) goTo(follows.state(scene));
    }
    const state = step.state(scene);
    goTo(state);
    const others = [...(state.morePods ?? []), ...(state.withoutPods ?? [])];
    otherPodsOf = others.length > 0 ? step.id : undefined;
    const standIns = index % 3 === 0 ? 1 : 0;
    if (standIns > 0) goTo({ ...state, policies: [] });
    stands = standIns > 0 ? undefined : step.id;
    return {
      ...{ step: step.id, verdict: 'pass', durationMs: 1, judged: 324, standIns, transients: 0 },
      ...{ writes, pairs: [] },
    };
  });
}

function writesOf(changes: Changes, from: State): readonly Write[] {
  const there = new Set(from.policies.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`));
  const write = (verb: string, kind: string, namespace: string, name: string): Write => ({
    ...{ verb, kind, namespace, name, purpose: 'declared' },
  });
  const pod = (verb: string, id: string) =>
    write(verb, 'Pod', real(id.split('/')[0] ?? ''), id.split('/')[1] ?? '');
  const touches = (labels: LabelPatch) => Object.keys(labels).map((label) => `metadata.labels.${label}`);
  return [
    ...changes.removePolicies.map(({ metadata }) =>
      write('delete', 'NetworkPolicy', metadata.namespace, metadata.name),
    ),
    ...changes.putPolicies.map(({ metadata: { namespace, name } }) =>
      write(there.has(`${namespace}/${name}`) ? 'replace' : 'create', 'NetworkPolicy', namespace, name),
    ),
    ...[...changes.namespaceLabels].map(([short, labels]) => ({
      ...{ verb: 'patch', kind: 'Namespace', name: real(short), purpose: 'declared' },
      touches: touches(labels),
    })),
    ...[...changes.podLabels].map(([id, labels]) => ({ ...pod('patch', id), touches: touches(labels) })),
    ...changes.removePods.map((id) => pod('delete', id)),
    ...[...changes.createPods.keys()].map((id) => pod('create', id)),
  ];
}
