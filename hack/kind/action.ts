// The steps of this process, on stderr; and a failure with the failed command, its output and the likely fix.
import { CommandError } from './command.ts';
import { type StepClock, steps } from './steps.ts';

export { seconds } from './steps.ts';

const machineClock: StepClock = {
  now: () => performance.now(),
  after: (milliseconds, act) => {
    const timer = setTimeout(act, milliseconds).unref();
    return () => clearTimeout(timer);
  },
};

export const { action, remark, timeSummary } = steps(process.stderr, machineClock);

/** What a person needs of a failure, as lines. */
export function explain(error: unknown): readonly string[] {
  if (!(error instanceof CommandError)) return [error instanceof Error ? error.message : String(error)];
  const output = error.output === '' ? [] : error.output.split('\n').map((line) => `  | ${line}`);
  return [error.message, ...output, ...(error.fix === undefined ? [] : [`  fix: ${error.fix}`])];
}
