// Where the kills of scenarios 5.1 and 5.2 are to meet the operator: other points in each run, and the same ones again for the same seed.
import { createHash, randomInt } from 'node:crypto';

export interface Point {
  readonly index: number;
  readonly verb: 'install' | 'upgrade' | 'uninstall';
  /** `helm`: when Helm is seen at work, and `ms` later. `time`: about `ms` after the write, wherever that is. */
  readonly aim: 'helm' | 'time';
  readonly ms: number;
}

/** CHARTER_KILL_SEED repeats a run's points. */
export const seedOfRun = process.env.CHARTER_KILL_SEED ?? String(randomInt(2 ** 32));

const verbs = ['install', 'upgrade', 'uninstall'] as const;
const count = 20;
/** Anything from the write to the end of a rollout. */
const longestMs = 6_000;
/** Helm is at work for three seconds at least: so long the chart's Pod has to be ready. */
const longestInHelmMs = 1_000;

/** Points by kill: three Tenants each, two at the last one, of which one has Helm aimed at, an install or an upgrade in turn. */
export function pointsOf(seed: string): readonly (readonly Point[])[] {
  const points = Array.from({ length: count }, (_, index): Point => {
    const kill = Math.floor(index / verbs.length);
    const verb = verbs[index % verbs.length] ?? 'install';
    const random = createHash('sha256').update(`${seed} ${index}`).digest().readUInt32BE();
    const isAimed = verb === (kill % 2 === 0 ? 'install' : 'upgrade');
    return isAimed
      ? { index, verb, aim: 'helm', ms: random % longestInHelmMs }
      : { index, verb, aim: 'time', ms: 150 + (random % longestMs) };
  });
  return Object.values(Object.groupBy(points, ({ index }) => Math.floor(index / verbs.length))).map(
    (some) => some ?? [],
  );
}
