// Which objects a step of the catalogue speaks of: whatever else a run writes, no step has declared. From the catalogue itself, not from
// what the run says of its writes.
import { planAnnotation } from '../../runner/network/world/names.ts';
import { catalogue } from '../../suites/network/catalogue/index.ts';
import type { Scene, Step } from '../../suites/network/catalogue/step.ts';
import type { StepLine } from './runs.ts';

/** Only names matter here. */
const scene: Scene = {
  namespace: (short) => short,
  address: () => '10.0.0.1',
  apiServer: { address: '10.0.0.2', port: 6443 },
};
const plan = `metadata.annotations.${planAnnotation}`;
const byId = new Map(catalogue.map((step) => [step.id, step]));

interface Spoken {
  /** `NetworkPolicy x/p`, `Pod x/a`, `Namespace x`. */
  readonly objects: ReadonlySet<string>;
  /** Pods come or go: probers have to be told. */
  readonly plans: boolean;
}

function spokenOf(step: Step | undefined): Spoken {
  if (step === undefined) return { objects: new Set(), plans: false };
  const { policies, podLabels, namespaceLabels, morePods = [], withoutPods = [] } = step.state(scene);
  const pods = [...Object.keys(podLabels), ...morePods, ...withoutPods];
  return {
    objects: new Set([
      ...policies.map(({ metadata }) => `NetworkPolicy ${metadata.namespace}/${metadata.name}`),
      ...pods.map((id) => `Pod ${id}`),
      ...Object.keys(namespaceLabels).map((name) => `Namespace ${name}`),
    ]),
    plans: morePods.length + withoutPods.length > 0,
  };
}

/**
 * Writes that belong to no object of the step, of the one that it follows, and of the one before it, whose traces it removes. Where Pods
 * come or go every prober may be told, by one annotation and nothing else.
 */
export function undeclared(steps: readonly StepLine[]): string[] {
  return steps.flatMap(({ step, writes }, index) => {
    const own = byId.get(step);
    const follows = own?.follows === undefined ? undefined : byId.get(own.follows);
    const spoken = [own, follows, byId.get(steps[index - 1]?.step ?? '')].map(spokenOf);
    const isSpokenOf = (write: StepLine['writes'][number]) =>
      write.purpose === 'plan'
        ? spoken.some(({ plans }) => plans) && isPlanAlone(write)
        : write.purpose === 'declared' && spoken.some(({ objects }) => objects.has(objectOf(write)));
    return writes
      .filter((write) => !isSpokenOf(write))
      .map((write) => `${step}: ${write.verb} ${objectOf(write)} (${wordsOf(write)})`);
  });
}

function isPlanAlone({ verb, kind, touches = [] }: StepLine['writes'][number]): boolean {
  return verb === 'patch' && kind === 'Pod' && touches.length === 1 && touches[0] === plan;
}

function wordsOf(write: StepLine['writes'][number]): string {
  const { purpose, touches = [] } = write;
  return purpose !== 'plan' || isPlanAlone(write)
    ? purpose
    : `plan that touches ${touches.join(', ') || 'it knows not what'}`;
}

function objectOf({ kind, namespace, name }: StepLine['writes'][number]): string {
  const short = (real: string) => real.replace(/^charter-net-[0-9a-f]{6}-/, '');
  return namespace === undefined ? `${kind} ${short(name)}` : `${kind} ${short(namespace)}/${name}`;
}
