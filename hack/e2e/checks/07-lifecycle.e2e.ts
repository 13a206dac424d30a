// Upgrade, rollback and uninstall of the chart: what changes takes effect, and what stays is what the docs say.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { campaignMaps } from '../campaigns.ts';
import { chartFolder, fullname, type Values } from '../chart.ts';
import { eventually } from '../eventually.ts';
import { platformObjects, release } from '../platform.ts';
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
  await w.chart.install({ suites: ['W2'] });
  expect(await campaignsOfARun()).toEqual(['W2']);
  await w.chart.helm('rollback', release);
  expect(await campaignsOfARun()).toEqual(['10']);
});

/** `kind/name` of all that the namespace holds, except what the platform and Kubernetes have in it. */
async function leftovers(): Promise<readonly string[]> {
  const asked = await w.kube.text('api-resources', '--namespaced', '--verbs=list', '--output=name');
  const kinds = asked.split('\n').filter((kind) => !/^(events|pods\.metrics)/.test(kind));
  const all = await w.kube.text('get', kinds.join(','), '--output=name', '--ignore-not-found');
  const platform = platformObjects(w.setting.secrets, '').map(({ metadata }) => metadata.name);
  const ours = new Set([...platform, 'default', 'kube-root-ca.crt', ...campaignMaps]);
  const isOurs = (name: string) => ours.has(name) || platform.some((one) => name.startsWith(`${one}-`));
  const volumes = await w.kube.text('get', 'pv', '--output=jsonpath={.items[*].spec.claimRef.name}');
  return [
    ...all.split('\n').filter((line) => line !== '' && !isOurs(line.split('/')[1] ?? '')),
    ...volumes.split(' ').filter((claim) => claim === fullname),
  ];
}

test('uninstall leaves nothing of the release', async () => {
  await w.chart.install();
  await w.runs.idle();
  expect(await leftovers(), 'before').toContain(`cronjob.batch/${fullname}`);
  await w.chart.helm('uninstall', release, '--wait');
  await eventually('nothing of the release is left', { within: 60, everyMs: 1_000 }, async () => {
    const left = await leftovers();
    return left.length === 0 ? {} : left.join(', ');
  });
});

// Last, where no claim is left that it would take away.
test('with the storage and the resources that the chart has by default a run is green, and its verdict stays in the Pod', async () => {
  const { results, resources } = parse(readFileSync(join(chartFolder, 'values.yaml'), 'utf8')) as Values;
  expect(results).toMatchObject({ type: 'emptyDir' });
  await w.chart.install({ results, resources, suites: ['C-10'] } as Values);
  const { condition, pods } = await w.runs.run('default');
  const [pod] = pods;
  expect([condition, pod?.exitCode]).toEqual(['Complete', 0]);
  const counts = summaryOf(pod?.log ?? '');
  expect(counts.pass).toBeGreaterThan(0);
  expect(summaryOf(pod?.message ?? '')).toEqual(counts);
});
