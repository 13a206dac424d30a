// Upgrade, rollback and uninstall of the chart: what changes takes effect, and what stays is what the docs say.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { release } from '../platform.ts';
import { summaryOf } from '../runs.ts';
import { type World, world } from '../world.ts';

let w: World;
beforeAll(async () => {
  w = await world();
});
afterAll(async () => w.chart.install());

async function campaignsOfARun(): Promise<readonly string[]> {
  const job = await w.runs.run('lifecycle');
  const [pod] = job.pods;
  expect(pod?.exitCode).toBe(0);
  summaryOf(pod?.log ?? '');
  const { cases } = await w.results.reportOf(pod?.name ?? '');
  return [...new Set(cases.map(({ name }) => name.split(/[. ]/)[0] ?? ''))].toSorted();
}

test('an upgrade with other suites and a rollback change what the next run does', async () => {
  await w.chart.install({ suites: ['C-10'] });
  expect(await campaignsOfARun()).toEqual(['10']);
  await w.chart.install({ suites: ['W2'] });
  expect(await campaignsOfARun()).toEqual(['W2']);
  await w.chart.helm('rollback', release);
  expect(await campaignsOfARun()).toEqual(['10']);
});

test('uninstall leaves nothing of the release', async () => {
  await w.chart.install();
  await w.chart.helm('uninstall', release, '--wait');
  const kinds =
    'cronjobs,jobs,configmaps,serviceaccounts,roles,rolebindings,leases,networkpolicies,pvc,secrets';
  const selector = 'app.kubernetes.io/name=akko-charter-runner';
  expect(await w.kube.text('get', kinds, '--selector', selector, '--output', 'name')).toBe('');
});
