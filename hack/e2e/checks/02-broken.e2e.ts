// What is broken is told as what it is: a promise as failed, a target that is gone as error, a missing Secret by its name.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { opaFaults } from '../../../fixtures/platform/faults/opa.ts';
import { personaSecret } from '../platform.ts';
import { summaryOf } from '../runs.ts';
import { type World, world } from '../world.ts';

let w: World;
beforeAll(async () => {
  w = await world();
});
afterAll(async () => w.chart.install());

/** Ids of the cases of a campaign that the fault is declared to turn red. */
function redOf(fault: string, campaign: string): readonly string[] {
  const { mustCatch = [], alsoRed = {} } = opaFaults.find(({ name }) => name === fault) ?? {};
  return [...mustCatch, ...Object.keys(alsoRed)].filter((id) => id.startsWith(campaign)).toSorted();
}

test('a lost mask fails the cases that promise it, and the exit code is 1', async () => {
  await w.chart.install({
    suites: ['C-10', 'C-15'],
    retry: 0,
    config: { budgets: { maskMs: 2_000, pollMs: 100 } },
  });
  await w.faults.set('opa', 'opa-mask-lost', 'on');
  try {
    const job = await w.runs.run('fault');
    const [pod] = job.pods;
    expect(job).toMatchObject({ condition: 'Failed', reason: 'PodFailurePolicy' });
    expect(job.pods.map(({ exitCode }) => exitCode)).toEqual([1]);
    const { cases, counts } = await w.results.reportOf(pod?.name ?? '');
    expect(summaryOf(pod?.log ?? '')).toEqual(counts);
    const red = cases
      .filter(({ verdict }) => verdict === 'failed')
      .map(({ name }) => name.split(' ')[0] ?? '');
    expect([...new Set(red)].toSorted()).toEqual(redOf('opa-mask-lost', '15.'));
    expect(counts.err).toBe(0);
  } finally {
    await w.faults.set('opa', 'opa-mask-lost', 'off');
  }
});

test('without the persona Secret the cases are skipped, naming the variable, where it is optional', async () => {
  await w.kube.remove('secret', 'akko-test-passwords');
  try {
    const config = { modes: { production: false } };
    await w.chart.install({ suites: ['C-10'], personaSecret: { optional: true }, config });
    const job = await w.runs.run('no-secret');
    expect(job.pods.map(({ exitCode }) => exitCode)).toEqual([0]);
    const { cases } = await w.results.reportOf(job.pods[0]?.name ?? '');
    const skipped = cases.filter(({ verdict }) => verdict === 'skipped');
    expect(skipped.some(({ message }) => message.includes('AKKO_TEST_PASSWORD_ALICE'))).toBe(true);
    expect(cases.filter(({ verdict }) => verdict === 'failed' || verdict === 'error')).toEqual([]);
  } finally {
    await w.kube.apply([personaSecret(w.setting.secrets)]);
  }
});

test('without the persona Secret the run ends with 2, naming it, where it is not optional', async () => {
  await w.kube.remove('secret', 'akko-test-passwords');
  try {
    await w.chart.install({ suites: ['C-10'], personaSecret: { optional: false } });
    const job = await w.runs.run('no-secret');
    expect(job.pods.map(({ exitCode }) => exitCode)).toEqual([2]);
    expect(job.pods[0]?.log).toContain('akko-test-passwords');
    expect(job.pods[0]?.log).toContain('AKKO_TEST_PASSWORD_ALICE');
  } finally {
    await w.kube.apply([personaSecret(w.setting.secrets)]);
  }
});

test('a target without replicas is error, never failed or passed; the others pass, and the exit code is 4', async () => {
  await w.chart.install({ suites: ['C-10', 'W2'], retry: 0, config: { modes: { production: false } } });
  await w.faults.scale('opa', 0);
  try {
    const job = await w.runs.run('no-opa');
    expect(job.pods.map(({ exitCode }) => exitCode)).toEqual([4]);
    const { cases } = await w.results.reportOf(job.pods[0]?.name ?? '');
    const ofOpa = cases.filter(({ name }) => name.startsWith('2.') || name.startsWith('W2.'));
    expect(ofOpa.length).toBeGreaterThan(8);
    for (const { name, verdict, message } of ofOpa) {
      expect(verdict, name).toBe('error');
      expect(message, name).toMatch(/connect-refused|timeout|reset|no-identity/);
    }
    const others = cases.filter((one) => !ofOpa.includes(one));
    expect(others.length).toBeGreaterThan(20);
    expect(others.filter(({ verdict }) => verdict !== 'passed')).toEqual([]);
  } finally {
    await w.faults.scale('opa', 1);
    // Masks live in OPA's memory; policy-sync writes them when it starts.
    await w.faults.scale('policySync', 0);
    await w.faults.scale('policySync', 1);
  }
});
