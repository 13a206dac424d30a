// Pure: what several runs of the catalogue show together.
import { quantile } from '../../runner/network/index.ts';
import type { NetworkRun } from './runs.ts';

/** Steps whose verdict is not the same in all runs, `deny.1: passed, failed`. */
export function differing(runs: readonly Pick<NetworkRun, 'report'>[]): string[] {
  const verdicts = new Map<string, string[]>();
  for (const { report } of runs)
    for (const { name, verdict } of report.cases) {
      const id = name.split(' ', 1)[0] ?? '';
      verdicts.set(id, [...(verdicts.get(id) ?? []), verdict]);
    }
  return [...verdicts]
    .filter(([, seen]) => new Set(seen).size > 1 || seen.length !== runs.length)
    .map(([id, seen]) => `${id}: ${seen.join(', ')}`);
}

/** Seconds that a run may take, from its start until its world is gone. */
export const promised = { step: 5, catalogue: 900, shortForm: 240 } as const;

/** Where a run took longer than it may. Nothing is promised of runs of some steps or families, `--case` and `--family`. */
export function late(
  { steps, seconds }: Pick<NetworkRun, 'steps' | 'seconds'>,
  flags: readonly string[],
): string[] {
  if (flags.some((flag) => /^--(case|family)(=|$)/.test(flag))) return [];
  const [form, most] = flags.includes('--short')
    ? ['the short form', promised.shortForm]
    : ['the catalogue', promised.catalogue];
  const median = quantile(
    steps.map(({ durationMs }) => durationMs / 1_000),
    0.5,
  );
  return [
    ...(seconds > most ? [`${form} took ${seconds.toFixed(0)} s, more than ${most} s`] : []),
    ...(median > promised.step
      ? [`half of the steps took ${median.toFixed(1)} s or more, more than ${promised.step} s`]
      : []),
  ];
}

export function summaryLines({ report, steps, seconds, execs }: NetworkRun): string[] {
  const { tests, pass, fail, err, skip } = report.counts;
  const inSeconds = steps.map(({ durationMs }) => durationMs / 1_000);
  const pairs = steps.flatMap(({ pairs: own }) => own.map(([, , , ms]) => ms));
  const writes = steps.map(({ writes: own }) => own.length);
  const show = (value: number) => value.toFixed(1);
  return [
    `${tests} cases: ${pass} passed, ${fail} failed, ${err} errors, ${skip} skipped, in ${show(seconds)} s`,
    `seconds per step: median ${show(quantile(inSeconds, 0.5))}, p95 ${show(quantile(inSeconds, 0.95))}, max ${show(quantile(inSeconds, 1))}`,
    `enforcement of ${pairs.length} changed pairs: p50 ${quantile(pairs, 0.5)} ms, p95 ${quantile(pairs, 0.95)} ms, max ${quantile(pairs, 1)} ms`,
    `exec calls ${execs}; writes per step: median ${quantile(writes, 0.5)}, max ${quantile(writes, 1)}`,
  ];
}
