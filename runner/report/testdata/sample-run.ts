// Runs for the tests of this room: one that shows everything a report can hold, and a builder for others.
import {
  applyEvent,
  fold,
  initialState,
  type JournalEvent,
  type Outcome,
  type RunState,
} from '../../journal/index.ts';

export const at = (second: number): string =>
  new Date(Date.UTC(2026, 10, 21, 1, 0, 0) + second * 1000).toISOString();

export interface SampleCase {
  readonly id: string;
  readonly campaign?: string;
  readonly persona?: string;
  readonly title?: string;
  /** An outcome per attempt; `running` for one that has not ended. */
  readonly attempts: readonly (Outcome | 'running')[];
  readonly warnings?: readonly string[];
}

export interface SampleRun {
  readonly cases: readonly SampleCase[];
  readonly end?: { readonly exitCode: number; readonly reason: string };
  readonly properties?: Readonly<Record<string, string>>;
}

export function eventsOf({ cases, end, properties = {} }: SampleRun): JournalEvent[] {
  const planned = cases.map(({ id, campaign = 'C-10', persona, title = `promise ${id}` }) => ({
    key: `${campaign}/${id}${persona === undefined ? '' : `[${persona}]`}`,
    campaign,
    id,
    ...(persona === undefined ? {} : { persona }),
    title,
    file: `charter/${campaign.toLowerCase()}.test.ts`,
    line: 12,
    tags: ['identity'],
    targets: ['keycloak'],
  }));
  let second = 0;
  const results = cases.flatMap(({ attempts, warnings }, index) =>
    attempts.flatMap((outcome, attempt): JournalEvent[] => {
      const key = planned[index]?.key ?? '';
      second += 1;
      const started: JournalEvent = { event: 'case-started', at: at(second), key, attempt: attempt + 1 };
      if (outcome === 'running') return [started];
      second += 1;
      const ended: JournalEvent = {
        event: 'case-ended',
        at: at(second),
        key,
        attempt: attempt + 1,
        durationMs: 1234.5678,
        outcome,
      };
      return [started, warnings === undefined ? ended : { ...ended, warnings }];
    }),
  );
  return [
    { event: 'run-started', at: at(0), run: 'r-1', host: 'pod-1', environment: 'stage', properties },
    { event: 'planned', at: at(0), cases: planned },
    ...results,
    ...(end === undefined ? [] : [{ event: 'run-ended', at: at(second + 1), ...end } as const]),
  ];
}

export const stateOf = (run: SampleRun): RunState => fold(eventsOf(run));

/** The state after each event, as the live report meets it. The same object each time, as in a run. */
export function* statesOf(run: SampleRun): Generator<RunState> {
  const state = initialState();
  for (const event of eventsOf(run)) yield applyEvent(state, event);
}

export const passed: Outcome = { verdict: 'passed' };
export const failed: Outcome = {
  verdict: 'failed',
  failure: {
    kind: 'assertion',
    message: 'alice reads a column in clear that the charter masks',
    expected: '64 hexadecimal digits',
    got: 'a value in clear, 17 characters',
    waitedMs: 30_250,
    observations: ['after 10.1 s: clear', 'after 20.2 s: clear', 'after 30.2 s: clear'],
    http: {
      method: 'POST',
      url: 'http://trino:8080/v1/statement',
      status: 200,
      body: '{"columns":["email"],\n "rows":"(1 row, not shown)"}',
      timings: { dns: 0.4, connect: 1.2, ttfb: 40, total: 61.7 },
      attempts: ['503 after 12 ms'],
    },
    stack: 'AssertionError: alice reads a column in clear\n    at c12.test.ts:44:7',
  },
};
export const unreachable: Outcome = {
  verdict: 'error',
  failure: {
    kind: 'connect-refused',
    message: 'http://opa:8181/health answered nothing: connection refused',
  },
};
export const noPassword: Outcome = {
  verdict: 'skipped',
  reason: 'no password: set AKKO_TEST_PASSWORD_CAROL',
};
export const writesOff: Outcome = {
  verdict: 'skipped',
  reason: 'writes are off (modes.allowWrites)',
  planned: true,
};
export const xfail: Outcome = {
  verdict: 'skipped',
  reason: 'xfail: X-Trino-User is trusted (trino.headerTrust)',
  planned: true,
};

export const everything: SampleRun = {
  properties: { production: 'true', 'target.trino': 'http://trino:8080' },
  cases: [
    { id: '10.1', title: 'discovery names the canonical issuer', attempts: [passed] },
    {
      id: '10.2',
      persona: 'alice',
      title: 'a token lives five minutes',
      attempts: [passed],
      warnings: ['lives 310 s'],
    },
    { id: '10.3', persona: 'alice', title: 'login answers in time', attempts: [unreachable, passed] },
    { id: '10.4', persona: 'bob', title: 'groups are in the token', attempts: [failed, passed] },
    {
      id: '12.1',
      campaign: 'C-12',
      persona: 'alice',
      title: 'masked columns are masked',
      attempts: [failed, failed],
    },
    { id: '12.2', campaign: 'C-12', title: 'the filter holds', attempts: [unreachable, failed] },
    { id: '12.3', campaign: 'C-12', title: 'decisions are fast', attempts: [unreachable, unreachable] },
    { id: '12.4', campaign: 'C-12', persona: 'carol', title: 'carol sees her rows', attempts: [noPassword] },
    {
      id: '12.5',
      campaign: 'C-12',
      persona: 'carol',
      title: 'carol sees no other rows',
      attempts: [noPassword],
    },
    { id: 'W2.1', campaign: 'W2', title: 'a policy reaches OPA', attempts: [writesOff] },
    { id: 'W2.2', campaign: 'W2', title: 'plain HTTP refuses X-Trino-User', attempts: [xfail] },
    { id: 'W2.3', campaign: 'W2', title: 'a retry that never came back', attempts: [failed, 'running'] },
    { id: 'W2.4', campaign: 'W2', title: 'a case under which the run died', attempts: ['running'] },
    { id: 'W2.5', campaign: 'W2', title: 'never started', attempts: [] },
    { id: 'W2.6', campaign: 'W2', title: 'never started either', attempts: [] },
  ],
};
