// The table of docs/tenants.md is the test: each row is a healthy Tenant with some things observed otherwise.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { actions, decide } from './decide.ts';
import { chartStates, type Observed, ofAnother, refusals, releaseStates } from './observed.ts';

const words: { readonly [Key in keyof Observed]: readonly Observed[Key][] } = {
  asked: ['present', 'absent'],
  finalizer: ['set', 'missing'],
  suspend: ['no', 'yes'],
  letGo: ['no', 'yes'],
  refusal: refusals,
  cluster: ['engaged', 'unreachable', 'unknown', 'renamed'],
  workspace: ['active', 'absent', 'terminating'],
  workspaceFate: ['delete', 'keep'],
  mark: ['set', 'missing'],
  release: ['deployed', ...releaseStates.filter((state) => state !== 'deployed')],
  fingerprint: ['same', 'changed'],
  digest: ['same', 'changed'],
  chart: chartStates,
  driftMode: ['correct', 'warn', 'off'],
  drift: ['none', 'found'],
  health: ['ready', 'not-ready'],
  tests: ['none', 'due', 'passed', 'failed'],
  attempt: ['due', 'cooling'],
  correction: ['due', 'cooling'],
};
const healthy = Object.fromEntries(
  Object.entries(words).map(([key, [first]]) => [key, first]),
) as unknown as Observed;

interface Row {
  readonly number: string;
  readonly observed: string;
  readonly action: string;
  readonly reason: string;
  readonly proves: string;
}

const page = readFileSync(resolve(import.meta.dirname, '../../../docs/tenants.md'), 'utf8');
const rows: Row[] = page
  .split('\n')
  .filter((line) => /^\| \d+ \|/.test(line))
  .map((line) => {
    const [number = '', observed = '', action = '', reason = '', proves = ''] = line
      .split('|')
      .slice(1)
      .map((cell) => cell.trim());
    return { number, observed, action, reason, proves };
  });

test.each(rows)('$number $observed -> $action ($reason) $proves', ({ observed, action, reason }) => {
  const changes = observed.split(' ').filter((one) => one !== '');
  const seen: Record<string, string> = { ...healthy };
  for (const change of changes) {
    const [key = '', word = ''] = change.split('=');
    expect(words[key as keyof Observed], `${key} is nothing that is observed`).toContain(word);
    seen[key] = word;
  }
  expect(decide(seen as unknown as Observed)).toEqual({ action, reason });
});

test('the table names every action and every reason to refuse or to look at a release', () => {
  expect(actions.filter((action) => !rows.some((row) => row.action === action))).toEqual([]);
  expect(rows.length).toBeGreaterThan(60);
});

const anyObserved = fc.record(
  Object.fromEntries(Object.entries(words).map(([key, some]) => [key, fc.constantFrom(...some)])),
) as unknown as fc.Arbitrary<Observed>;
const helmWrites = ['install', 'upgrade', 'uninstall', 'clear-release', 'unlock-release', 'run-tests'];

test('K44 no Helm action without the finalizer', () => {
  fc.assert(
    fc.property(anyObserved, (seen) => {
      if (seen.finalizer === 'missing') expect(helmWrites).not.toContain(decide(seen).action);
    }),
  );
});

test('a discovery error is never "no clusters": a cluster that is not there is never acted upon', () => {
  fc.assert(
    fc.property(anyObserved, (seen) => {
      if (seen.cluster === 'engaged') return;
      expect([...helmWrites, 'delete-workspace', 'correct-drift']).not.toContain(decide(seen).action);
    }),
  );
});

test('a Tenant is settled only when nothing differs from what is asked for', () => {
  fc.assert(
    fc.property(anyObserved, (seen) => {
      if (decide(seen).action !== 'settle') return;
      expect(seen).toMatchObject({
        release: 'deployed',
        fingerprint: 'same',
        digest: 'same',
        health: 'ready',
      });
      expect(seen.drift === 'found' && seen.driftMode !== 'off').toBe(false);
    }),
  );
});

test('what belongs to another Tenant is never touched', () => {
  fc.assert(
    fc.property(anyObserved, (seen) => {
      if (!ofAnother.includes(seen.refusal)) return;
      // A release that is found under such a refusal carries this Tenant's own uid (observe.test.ts).
      const own = seen.asked === 'absent' && seen.release !== 'absent' ? ['uninstall', 'await-retry'] : [];
      const harmless = [
        'nothing',
        'refuse',
        'remove-finalizer',
        'keep-finalizer',
        'let-go',
        'report-release',
      ];
      expect([...harmless, ...own]).toContain(decide(seen).action);
    }),
  );
});

test('no finalizer is taken off, but on purpose, while there is a release or its cluster cannot be looked at', () => {
  fc.assert(
    fc.property(anyObserved, (seen) => {
      if (decide(seen).action !== 'remove-finalizer') return;
      expect(seen).toMatchObject({ cluster: 'engaged', release: 'absent' });
    }),
  );
});
