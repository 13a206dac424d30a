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

/** Only a deny that was seen to fail accuses the engine; what could not be seen is an error. */
export function codeOfProof({ enforced, problems }: Calibration): number {
  if (enforced) return exitCodes.passed;
  return problems.some((problem) => problem.includes('not-enforced')) ? exitCodes.failed : exitCodes.errors;
}

export function proofText({ enforced, signals, problems, slowestMs }: Calibration): string {
  const head = enforced ? `enforced on every node, within ${slowestMs} ms` : 'NOT proven on every node';
  return [
    `deny           ${head}`,
    ...Object.entries(signals).map(([place, signal]) => `  ${place}: ${signal}`),
    ...problems.map((problem) => `  ${problem}`),
  ].join('\n');
}
