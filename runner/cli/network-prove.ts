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

export function codeOfProof({ deny }: Calibration): number {
  if (deny === 'enforced') return exitCodes.passed;
  return deny === 'not-enforced' ? exitCodes.failed : exitCodes.errors;
}

export function proofText(proof: Calibration | undefined): string {
  const line = (head: string) => `deny           ${head}`;
  if (proof === undefined) return line('not tried: names prove nothing (--prove --image …)');
  const { deny, signals, problems, slowestMs } = proof;
  return [
    line(deny === 'enforced' ? `enforced on every node, within ${slowestMs} ms` : 'NOT proven on every node'),
    ...Object.entries(signals).map(([place, signal]) => `  ${place}: ${signal}`),
    ...problems.map((problem) => `  ${problem}`),
  ].join('\n');
}
