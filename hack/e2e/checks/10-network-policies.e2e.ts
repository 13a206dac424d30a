// The short form of campaign NET in the home cluster: every family, judged, with nothing run in a Pod and nothing left behind.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { quantile } from '../../../runner/network/index.ts';
import { shortForm } from '../../../suites/network/short.ts';
import { run } from '../../kind/command.ts';
import { projectRoot } from '../../kind/paths.ts';
import { temporaryFolder } from '../../kind/temporary.ts';
import { undeclared } from '../../network/declared.ts';
import { surprises } from '../../network/findings.ts';
import { leftBehind, type NetworkRun, networkRun, policiesOfWorlds, proof } from '../../network/runs.ts';
import { type NetworkScene, networkScene } from '../../network/scene.ts';
import { promised, summaryLines } from '../../network/summary.ts';
import { eventually } from '../eventually.ts';

/** Other work runs in this cluster and on this machine: a longer wait makes a step slower there, never its verdict another. */
const patience = ['--settle-ms', '60000'];

let scene: NetworkScene;
let ended: NetworkRun;
beforeAll(async () => {
  scene = await networkScene();
  ended = await networkRun(scene, '--short', ...patience);
  for (const line of summaryLines(ended)) process.stdout.write(`${line}\n`);
}, 900_000);

test('every step of the short form is judged, and none is an error', () => {
  expect(surprises(ended.report.cases)).toEqual([]);
  expect(ended.report.cases).toHaveLength(shortForm.size + 1);
  expect(ended.code).toBe(0);
});

test('the report says which engine it was and how it denies', () => {
  expect(ended.report.properties['network-policy-engine']).toBe('kube-router');
  expect(ended.report.properties['network-deny-signals']).toMatch(
    /ingress TCP: refused, .* egress UDP: refused/,
  );
  expect(ended.report.properties['network-latency-ms deny.1']).toMatch(
    /^p50 \d+, p95 \d+, max \d+ \(\d+ pairs\)$/,
  );
});

test('detection says the engine, and proves on every node that it denies', async () => {
  const { code, stdout } = await proof(scene, '--output', 'json');
  const told = JSON.parse(stdout);
  expect([code, told.policyEngine, told.deny, told.proof.problems]).toEqual([
    0,
    'kube-router',
    'enforced',
    [],
  ]);
  const [node] = Object.keys(told.proof.signals).map((place) => place.split(' ', 1)[0]);
  expect(told.proof.signals).toMatchObject({
    [`${node} ingress TCP`]: 'refused',
    [`${node} egress UDP`]: 'refused',
  });
  expect(await leftBehind(scene)).toEqual([]);
});

test('by the audit log nothing is run in a Pod and nothing is written that the run does not tell of; no step writes what it does not declare', () => {
  expect(ended.execs).toBe(0);
  expect(ended.unaccounted).toEqual([]);
  expect(undeclared(ended.steps)).toEqual([]);
});

test('at least 324 probes are judged in each step, half of the steps within ten seconds on a machine that does other things', () => {
  const whole = ended.steps.filter(({ step }) => !step.startsWith('pods.'));
  expect(Math.min(...whole.map(({ judged }) => judged))).toBeGreaterThanOrEqual(324);
  expect(
    quantile(
      ended.steps.map(({ durationMs }) => durationMs),
      0.5,
    ),
  ).toBeLessThanOrEqual(10_000);
});

test('the short form takes four minutes at most, from its start until its world is gone', () => {
  expect(ended.seconds).toBeLessThanOrEqual(promised.shortForm);
});

test('nothing is left behind, also after kill -9 and a sweep', async () => {
  expect(await leftBehind(scene)).toEqual([]);
  const main = join(projectRoot, 'runner', 'cli', 'charter.mjs');
  const out = temporaryFolder('killed-run');
  onTestFinished(() => rmSync(out, { recursive: true, force: true }));
  const cluster = ['--kubeconfig', scene.kubeconfig];
  const words = [
    'network',
    'run',
    ...cluster,
    '--image',
    scene.image,
    '--pull-policy',
    'Never',
    '--case',
    'deny.1',
  ];
  const child = spawn(process.execPath, ['--no-warnings', main, ...words, '--out', out], {
    stdio: 'ignore',
    detached: true,
  });
  await eventually('a policy of a world', { within: 240 }, async () =>
    (await policiesOfWorlds(scene)).length > 0 ? {} : undefined,
  );
  if (child.pid === undefined) throw new Error('the run did not start');
  process.kill(-child.pid, 'SIGKILL');
  await once(child, 'exit');
  await run([process.execPath, '--no-warnings', main, 'network', 'sweep', ...cluster, '--all']);
  expect(await leftBehind(scene)).toEqual([]);
});
