// Which writes a step of the catalogue asks for: whatever else a run writes, no step has declared. From the catalogue itself, not from
// what the run says of its writes.
import { planAnnotation } from '../../runner/network/world/names.ts';
import { catalogue } from '../../suites/network/catalogue/index.ts';
import type { Scene, State, Step } from '../../suites/network/catalogue/step.ts';
import type { StepLine } from './runs.ts';
import { type Ask, writesBetween } from './writes-between.ts';

type Write = StepLine['writes'][number];

/** Only names matter here. */
const scene: Scene = {
  namespace: (short) => short,
  address: () => '10.0.0.1',
  apiServer: { address: '10.0.0.2', port: 6443 },
};
const plan = `metadata.annotations.${planAnnotation}`;
const byId = new Map(catalogue.map((step) => [step.id, step]));
/** A world that is new, and one that got all its Pods back. */
const bare: State = { policies: [], podLabels: {}, namespaceLabels: {} };

/**
 * Writes that lead from no state to another that the world comes through: from that of the step before, or of a new world, by the step
 * that this one follows, to its own; and the removal of its policies, for open after. Where Pods come or go every prober may be told, by
 * one annotation and nothing else.
 */
export function undeclared(steps: readonly StepLine[]): string[] {
  return steps.flatMap((line, index) => {
    const asked = askedOf(line, steps.slice(0, index));
    const isAsked = (write: Write) =>
      write.purpose === 'plan'
        ? asked.some(({ kind, verb }) => kind === 'Pod' && verb !== 'patch') && isPlanAlone(write)
        : write.purpose === 'declared' && asked.some((ask) => covers(ask, write));
    return line.writes
      .filter((write) => !isAsked(write))
      .map((write) => `${line.step}: ${write.verb} ${objectOf(write)} (${wordsOf(write)})`);
  });
}

function askedOf(line: StepLine, earlier: readonly StepLine[]): readonly Ask[] {
  const own = byId.get(line.step);
  if (own === undefined) return [];
  const before = isInNewWorld(line, earlier) ? undefined : earlier.at(-1);
  const from = byId.get(before?.step ?? '')?.state(scene) ?? bare;
  const isAfter = before !== undefined && before.step === own.follows;
  const isThere = isAfter && before.standIns === 0 && before.verdict !== 'error';
  const through = isThere ? [] : [...(hasOtherPods(from) && !isAfter ? [bare] : []), ...groundOf(own)];
  const state = own.state(scene);
  // Where the step before ended by taking its policies away, they are made again and not replaced.
  const starts = [from, { ...from, policies: [] }, ...through];
  const ways = starts.flatMap((one) => [...through, state].map((next) => writesBetween(one, next)));
  return [...ways.flat(), ...writesBetween(state, { ...state, policies: [] })];
}

function groundOf({ follows }: Step): readonly State[] {
  const step = byId.get(follows ?? '');
  return step === undefined ? [] : [step.state(scene)];
}

function hasOtherPods({ morePods = [], withoutPods = [] }: State): boolean {
  return morePods.length + withoutPods.length > 0;
}

function isInNewWorld({ writes }: StepLine, earlier: readonly StepLine[]): boolean {
  const own = writes.map(worldOf).find((world) => world !== undefined);
  const last = earlier.flatMap((line) => line.writes.map(worldOf)).findLast((world) => world !== undefined);
  return earlier.length === 0 || (own !== undefined && last !== undefined && own !== last);
}

function worldOf({ namespace, name }: Write): string | undefined {
  return /^charter-net-([0-9a-f]{6})-/.exec(namespace ?? name)?.[1];
}

function covers({ verb, kind, name, labels }: Ask, write: Write): boolean {
  const { touches = [] } = write;
  const isSame = verb === write.verb && `${kind} ${name}` === objectOf(write);
  if (!isSame || verb !== 'patch') return isSame;
  const allowed = new Set(labels.map((label) => `metadata.labels.${label}`));
  return touches.length > 0 && touches.every((field) => allowed.has(field));
}

function isPlanAlone({ verb, kind, touches = [] }: Write): boolean {
  return verb === 'patch' && kind === 'Pod' && touches.length === 1 && touches[0] === plan;
}

function wordsOf(write: Write): string {
  const { purpose, touches = [] } = write;
  return purpose !== 'plan' || isPlanAlone(write)
    ? purpose
    : `plan that touches ${touches.join(', ') || 'it knows not what'}`;
}

function objectOf({ kind, namespace, name }: Write): string {
  const short = (real: string) => real.replace(/^charter-net-[0-9a-f]{6}-/, '');
  return namespace === undefined ? `${kind} ${short(name)}` : `${kind} ${short(namespace)}/${name}`;
}
