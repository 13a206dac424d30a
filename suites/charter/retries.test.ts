// What an attempt leaves behind decides nothing about the next one: neither is damage taken for how things were, nor a trace for a fault.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { startPlatform } from '../../fixtures/platform/index.ts';
import { readLeftBehind, startCharter } from '../../fixtures/testing/index.ts';

interface Try {
  readonly id: string;
  readonly faults: readonly string[];
  /** What becomes of the platform after the first attempt. */
  readonly after: 'healed' | 'as broken';
}

/** Verdicts of all attempts in a run with one retry. */
async function attempts({ id, faults, after }: Try): Promise<(string | undefined)[]> {
  const home = mkdtempSync(join(tmpdir(), 'charter-retries-'));
  const platform = await startPlatform({ secretsDirectory: join(home, 'secrets') });
  try {
    const input = parse(platform.charterYaml());
    const config = join(home, 'charter.yaml');
    const out = join(home, 'out');
    writeFileSync(
      config,
      stringify({
        ...input,
        budgets: { ...input.budgets, auditMs: 1_000, maskMs: 1_000, policyMs: 1_000, pollMs: 50 },
        execution: { ...input.execution, retry: 1 },
      }),
    );
    for (const fault of faults) platform.faults.set(fault, 'on');
    const run = startCharter(['run', '--config', config, '--out', out, '--case', id], {
      env: { CHARTER_EMBEDDED: 'true' },
    });
    if (after === 'healed') {
      await Promise.race([firstAttempt(out), run.ended]);
      platform.faults.clear();
    }
    await run.ended;
    return verdictsIn(out);
  } finally {
    await platform.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

/** The next one needs a new worker, which takes far longer to load than this to look. */
async function firstAttempt(out: string): Promise<void> {
  while (verdictsIn(out)[0] === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
}

function verdictsIn(out: string): (string | undefined)[] {
  try {
    return [...readLeftBehind(out).state.cases.values()].flatMap((item) =>
      item.attempts.map(({ outcome }) => outcome?.verdict),
    );
  } catch {
    return [];
  }
}

test.each([
  ['W5.10', 'backend-policy-revert-masks-remain'],
  ['W4.10', 'sync-not-idempotent'],
  ['W4.11', 'sync-parallel-masks-differ'],
])('masks that %s has seen changed are not what another attempt begins with', async (id, fault) => {
  expect(await attempts({ id, faults: [fault], after: 'healed' })).toEqual(['failed']);
});

test('the trail of an edit that had no effect is not held against a healthy platform', async () => {
  const faults = ['opa-data-edits-not-effective'];
  expect(await attempts({ id: 'W5.8', faults, after: 'healed' })).toEqual(['failed', 'passed']);
});

test('a policy that a refused edit has left behind for good is found by each attempt', async () => {
  const faults = ['backend-policy-edit-refused-yet-done', 'backend-policy-revert-leaves-filter'];
  const verdicts = await attempts({ id: 'W5.9', faults, after: 'as broken' });
  expect(verdicts.length, 'attempts of both personas').toBe(4);
  expect(new Set(verdicts)).toEqual(new Set(['failed']));
});
