import { expect, test } from 'vitest';
import type { Condition, ConditionStatus } from '../controller/index.ts';
import { phaseOf, type StatusChange, statusAfter } from './status.ts';
import type { Tenant, TenantStatus } from './tenant.ts';

const condition = (type: string, status: ConditionStatus): Condition => ({
  ...{ type, status, reason: 'R', message: '', lastTransitionTime: '2026-01-01T00:00:00Z' },
});

test.each<[string, [string, ConditionStatus][], 'show' | 'hide-while-ready', string]>([
  ['nothing known', [], 'show', 'Pending'],
  ['ready', [['ClusterReady/a', 'True']], 'show', 'Ready'],
  [
    'K41 ready beside an error',
    [
      ['ClusterReady/a', 'True'],
      ['ClusterError/b', 'True'],
    ],
    'hide-while-ready',
    'Error',
  ],
  [
    'K64 one cluster of two is ready',
    [
      ['ClusterReady/a', 'True'],
      ['ClusterReady/b', 'False'],
    ],
    'show',
    'Ready',
  ],
  [
    'K35 the error is over',
    [
      ['ClusterReady/a', 'True'],
      ['ClusterError/a', 'False'],
    ],
    'show',
    'Ready',
  ],
  [
    'K36 K37 K38 a chart problem before anything runs',
    [
      ['ClusterReady/a', 'False'],
      ['ClusterError/a', 'Unknown'],
    ],
    'show',
    'Pending',
  ],
  [
    'K39 a chart problem beside what runs',
    [
      ['ClusterReady/a', 'True'],
      ['ClusterError/a', 'Unknown'],
    ],
    'show',
    'Pending',
  ],
  [
    'K39 the same with ALLOW_CHART_SKIP',
    [
      ['ClusterReady/a', 'True'],
      ['ClusterError/a', 'Unknown'],
    ],
    'hide-while-ready',
    'Ready',
  ],
  [
    'K39 ALLOW_CHART_SKIP invents no readiness',
    [['ClusterError/a', 'Unknown']],
    'hide-while-ready',
    'Pending',
  ],
  [
    'in progress',
    [
      ['ClusterReady/a', 'Unknown'],
      ['ClusterProgress/a', 'True'],
    ],
    'show',
    'Pending',
  ],
])('%s', (_, conditions, chartProblems, phase) => {
  const all = conditions.map(([type, status]) => condition(type, status));
  expect(phaseOf(all, chartProblems)).toBe(phase);
});

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
function after(status: TenantStatus, change: StatusChange, now: Date, generation = 1): TenantStatus {
  const tenant: Tenant = { metadata: { generation }, status };
  return statusAfter(tenant, change, { cluster: 'a', now, chartProblems: 'show' });
}
const settled: StatusChange = { ready: ['True', 'NoChange', 'up to date'], error: ['False', 'NoError', ''] };

test('K50 the same findings change nothing, so nothing is written', () => {
  const first = after({}, settled, at(1));
  expect(after(first, settled, at(2))).toBe(first);
  const stored = JSON.parse(JSON.stringify({ conditions: first.conditions, ...first })) as TenantStatus;
  expect(after(stored, settled, at(3))).toBe(stored);
});

test('another reason moves no transition time, another status does', () => {
  const installed = after({}, { ready: ['True', 'Installed', 'x'] }, at(1));
  const same = after(installed, settled, at(2));
  expect(same.conditions?.[0]).toMatchObject({
    reason: 'NoChange',
    lastTransitionTime: '2026-01-01T00:00:01Z',
  });
  const failed = after(same, { ready: ['False', 'DriftDetected', 'x'] }, at(3));
  expect(failed.conditions?.[0]?.lastTransitionTime).toBe('2026-01-01T00:00:03Z');
});

test('K34 a failed install is an error, not ready, and its message is the last one', () => {
  const failed = after(
    {},
    {
      error: ['True', 'InstallFailed', 'no such image'],
      ready: ['False', 'InstallFailed', 'no such image'],
      progress: ['False', 'InstallFailed', ''],
    },
    at(1),
  );
  expect(failed).toMatchObject({ phase: 'Error', lastMessage: 'no such image', observedGeneration: 1 });
  expect(failed.conditions?.map(({ type }) => type)).toEqual([
    'ClusterReady/a',
    'ClusterError/a',
    'ClusterProgress/a',
  ]);
});

test('K35 after recovery phase is Ready again and the last message is that of success', () => {
  const failed = after(
    {},
    { error: ['True', 'InstallFailed', 'bad'], ready: ['False', 'InstallFailed', 'bad'] },
    at(1),
  );
  expect(after(failed, settled, at(2))).toMatchObject({ phase: 'Ready', lastMessage: 'up to date' });
});

test('what was said of its cluster under an older name goes with the next word, and what others have said stays', () => {
  const before: TenantStatus = {
    phase: 'Error',
    conditions: [
      condition('ClusterReady/old', 'True'),
      condition('ClusterError/old', 'True'),
      condition('ClusterProgress/old', 'True'),
      condition('BackedUp/old', 'True'),
      condition('ClusterReady/a', 'True'),
    ],
  };
  const found = after(
    before,
    { ready: ['False', 'NotReady', 'down'], error: ['False', 'NoError', ''] },
    at(1),
  );
  expect(found.phase).toBe('Pending');
  expect(found.conditions?.map(({ type }) => type)).toEqual([
    'BackedUp/old',
    'ClusterReady/a',
    'ClusterError/a',
  ]);
});
