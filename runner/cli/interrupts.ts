// SIGTERM and SIGINT: the first lets running cases end, the second ends them at once; the report is whole either way.
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
    if (received.length === 1) supervision.interrupt(`interrupted by ${received[0]}`);
    if (received.length > 1) supervision.kill();
  };
  const listener = (name: string) => {
    received.push(name);
    first.abort(`interrupted by ${received[0]}`);
    apply();
  };
  for (const name of names) process.on(name, listener);
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
