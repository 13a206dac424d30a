// Lines of invented probers, for tests of the verdicts: a small world in which every cycle goes as a table says.
import type { CycleRecord, OutcomeLetter, SightingRecord } from '../probe/wire.ts';
import type { StepCell } from './judge-step.ts';
import type { Ledger } from './ledger.ts';
import type { Denial } from './refusals.ts';

/** Three Pods, one port; probe index = position of the target. */
export const trio = ['x/a', 'x/b', 'y/a'] as const;
export type Trio = (typeof trio)[number];

/** `from>to` to the letter of its probe and whether the server tells of it; what is missing talks. */
export type Script = Readonly<Record<string, readonly [OutcomeLetter, 'seen' | 'unseen']>>;

export interface CycleOptions {
  /** Milliseconds that a wall clock is ahead, by Pod. */
  readonly ahead?: Readonly<Record<string, number>>;
  /** Pods that are not the declared ones, though they are called so. */
  readonly uids?: Readonly<Record<string, string>>;
  /** Processes that came after the first one, by Pod. */
  readonly boots?: Readonly<Record<string, string>>;
  /** Pods that write nothing. */
  readonly silent?: readonly string[];
  /** Pods whose own port does not answer them. */
  readonly dead?: readonly string[];
}

const wallStart = 1_800_000_000_000;

/** The wall clock that goes with the time of {@link play}. */
export const wallAt = (now: number) => wallStart + now;

/** One cycle of all Pods that begins at `at` and lasts 100 ms; then every server tells what it saw. */
export function play(
  ledger: Ledger,
  seq: number,
  at: number,
  script: Script,
  options: CycleOptions = {},
): void {
  const end = at + 100;
  const pods = trio.filter((id) => !options.silent?.includes(id));
  const bootOf = (id: string) => options.boots?.[id] ?? `boot-${id}`;
  const stamp = (id: string, mono: number) => ({
    ...{ id, uid: options.uids?.[id] ?? `uid-${id}`, boot: bootOf(id), mono },
    wall: wallAt(mono) + (options.ahead?.[id] ?? 0),
  });
  for (const from of pods) {
    const seen = trio.map((to) => script[`${from}>${to}`]?.[0] ?? 'o').join('');
    const self = options.dead?.includes(from) ? 'r' : 'o';
    const cycle: CycleRecord = {
      ...{ ...stamp(from, end), type: 'cycle', seq, generation: 1, start: at, seen, self },
      ...{ ends: trio.map(() => 50), notes: {} },
    };
    ledger.take(cycle, end);
  }
  for (const to of pods) {
    const seenFrom = trio.filter((from) => (script[`${from}>${to}`]?.[1] ?? 'seen') === 'seen');
    const bit = (1 << trio.indexOf(to)).toString(16);
    const saw = Object.fromEntries(seenFrom.map((from) => [`${from} ${bootOf(from)} ${seq}`, bit]));
    const told: SightingRecord = { ...stamp(to, end + 300), type: 'saw', saw };
    ledger.take(told, end + 300);
  }
}

export const registered = new Map(trio.map((id) => [id as string, { uid: `uid-${id}`, address: id }]));

/** All nine cells; `denied` names those expected to be denied, `from>to`, each by the ingress of its destination; `signal` is every node's. */
export function cellsWith(denied: readonly string[], signal: Denial['signal'] = 'refused'): StepCell[] {
  return trio.flatMap((from) =>
    trio.map((to, index): StepCell => {
      const isDenied = denied.includes(`${from}>${to}`);
      return {
        ...{ from, to, port: 80, protocol: 'TCP', servedAs: 0, index },
        expected: isDenied ? 'denied' : 'allowed',
        denials: [
          ...(isDenied ? [] : [{ pod: from, direction: 'egress', protocol: 'TCP', signal } as const]),
          { pod: to, direction: 'ingress', protocol: 'TCP', signal },
        ],
      };
    }),
  );
}
