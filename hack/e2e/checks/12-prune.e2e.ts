// The CronJob of docs/store.md that removes old runs, made by the very words that stand there, with the limits of the chart.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fillWithRuns } from '../../../runner/store/testing.ts';
import { kubectl } from '../../kind/binaries.ts';
import { run } from '../../kind/command.ts';
import { projectRoot } from '../../kind/paths.ts';
import { fullname } from '../chart.ts';
import { namespace } from '../kube.ts';
import { ask, podLabels, removePostgres, secrets, startPostgres, urlOf, withStore } from '../postgres.ts';
import { type World, world } from '../world.ts';

const docs = readFileSync(join(projectRoot, 'docs', 'store.md'), 'utf8');
const [recipe = ''] = /^kubectl create secret generic charter-store-owner[\s\S]*?(?=^```)/m.exec(docs) ?? [];
const keep = { days: 20, redDays: 20, runs: 3 };

let w: World;
beforeAll(async () => {
  w = await world();
  await startPostgres(w.kube, [w.worker]);
  const store = { secret: secrets.store };
  await w.chart.install({ database: { podLabels }, store, config: { store: { keep } } });
  // A run every ten days: 10 days ago, 20, … 60.
  const runs = { runs: 6, casesPerRun: 3, everyMinutes: 14_400, environments: ['pruned'] };
  await withStore(w.kube, (opened) => fillWithRuns(opened, runs));
});
afterAll(async () => {
  await w.kube.remove('job', 'prune-now');
  await w.kube.remove('cronjob', 'charter-prune');
  await w.kube.remove('secret', 'charter-store-owner');
  await w.chart.install();
  await removePostgres(w.kube);
});

test('old runs go, the newest stay however old they are, and the log names each that went', async () => {
  const here = ['--kubeconfig', w.kube.kubeconfig, '--namespace', namespace].map((word) => `'${word}'`);
  const words = recipe
    .replace(/postgres:\/\/owner:[^']*/, () => urlOf('postgres'))
    .replaceAll('<release>-akko-charter-runner', fullname);
  expect(words).toContain('--from=cronjob/charter-prune');
  const binary = await kubectl();
  await run([
    'bash',
    '-euo',
    'pipefail',
    '-c',
    `kubectl() { '${binary}' ${here.join(' ')} "$@"; }\n${words}`,
  ]);
  const { pods } = await w.runs.ended('prune-now');
  const left = await ask<{ id: string }>(w.kube, 'select id from charter.run order by id');
  const [first, second, third, ...old] = [1, 2, 3, 4, 5, 6].map((i) => `gen-00000${i}`);
  expect([pods.map(({ exitCode }) => exitCode), pods[0]?.log.trimEnd().split('\n')]).toEqual([
    [0],
    [...old, `${old.length} removed`],
  ]);
  expect(left.map(({ id }) => id)).toEqual([first, second, third]);
});
