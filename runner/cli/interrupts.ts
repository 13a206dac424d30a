// SIGTERM and SIGINT: the first lets running cases end, the second ends them at once; the report is whole either way. An error that nobody
// expected in this process counts as one: Node would end it with the exit code of a broken promise, and without SUMMARY.
import { wordsOf } from '../errors/index.ts';
import type { Supervision } from '../execution/index.ts';

export interface Interrupts {
  /** Aborted by the first signal; its reason says which. For what waits before and after the run. */
  readonly first: AbortSignal;
  /** Hands the signals to the run; one that came earlier counts. */
  readonly follow: (supervision: Supervision) => void;
  readonly done: () => void;
}

const names = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

export function onSignals(): Interrupts {
  let supervision: Supervision | undefined;
  const received: string[] = [];
  const first = new AbortController();
  const apply = () => {
    if (supervision === undefined) return;
    if (received.length === 1) supervision.interrupt(String(first.signal.reason));
    if (received.length > 1) supervision.kill();
  };
  const receive = (name: string) => {
    received.push(name);
    first.abort(`interrupted by ${received[0]}`);
    apply();
  };
  for (const name of names) process.on(name, receive);
  process.on('uncaughtException', (error) => {
    process.stderr.write(`${error instanceof Error ? error.stack : wordsOf(error)}\n`);
    receive(`an error of the runner itself: ${wordsOf(error)}`);
  });
  return {
    first: first.signal,
    follow: (next) => {
      supervision = next;
      apply();
    },
    done: () => {
      supervision = undefined;
    },
  };
}
