// Whether a deny is really enforced: a world of the smallest size is opened, which proves it for every node, and removed again.
import { type Calibration, type ClusterAddress, openWorld } from '../network/index.ts';
import { exitCodes } from './exit-codes.ts';
import { type ProberFlags, proberOf } from './network-prober.ts';

/** Throws as `openWorld` does, also when a signal ended it; nothing is left then. */
export async function proveDeny(cluster: ClusterAddress, flags: ProberFlags): Promise<Calibration> {
  const stop = new AbortController();
  const onSignal = (signal: string) => stop.abort(new Error(`interrupted by ${signal}`));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, onSignal);
  const world = await openWorld({
    ...proberOf(flags),
    ...{ cluster, namespaces: ['x'], pods: ['a'], signal: stop.signal },
  });
  const { calibration } = world;
  await world.close();
  return calibration;
}

/** Whether a deny was seen to be enforced. Only one that was seen to fail accuses the engine; of what could not be seen nothing is known. */
export type Deny = 'enforced' | 'not-enforced' | 'not-seen' | 'not-tried';

/** Without a proof nobody has tried. */
export function denyOf(proof: Calibration | undefined): Deny {
  if (proof === undefined) return 'not-tried';
  if (proof.enforced) return 'enforced';
  return proof.problems.some((problem) => problem.includes('not-enforced')) ? 'not-enforced' : 'not-seen';
}

export function codeOfProof(proof: Calibration): number {
  const deny = denyOf(proof);
  if (deny === 'enforced') return exitCodes.passed;
  return deny === 'not-enforced' ? exitCodes.failed : exitCodes.errors;
}

export function proofText(proof: Calibration | undefined): string {
  const deny = (head: string) => `deny           ${head}`;
  if (proof === undefined) return deny('not tried: names prove nothing (--prove --image …)');
  const { enforced, signals, problems, slowestMs } = proof;
  return [
    deny(enforced ? `enforced on every node, within ${slowestMs} ms` : 'NOT proven on every node'),
    ...Object.entries(signals).map(([place, signal]) => `  ${place}: ${signal}`),
    ...problems.map((problem) => `  ${problem}`),
  ].join('\n');
}
