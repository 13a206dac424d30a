// K61: each row of docs/troubleshooting-tenants.md is brought about by the test that it names. Those that no other file proves are proven here.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { eventRecorder } from '../controller/index.ts';
import { clientOf } from '../kube/index.ts';
import { answerJson, eventually, fakeClock, type Script, scriptedServer } from '../kube/testing/index.ts';
import { keepFingerprint } from './act/rollout.ts';
import { ensureCrd } from './cluster/engaged.ts';
import { testStage } from './testing.ts';

const root = resolve(import.meta.dirname, '../..');
const rows = readFileSync(resolve(root, 'docs/troubleshooting-tenants.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('|') && !/^\|[-|]+\|$/.test(line))
  .slice(1)
  .map((line) => {
    const cells = line.split('|').map((cell) => cell.trim());
    return { seen: cells[1] ?? '', proof: cells[4] ?? '' };
  });

test('K61 the page has its rows', () => {
  expect(rows.length).toBeGreaterThanOrEqual(10);
});

test.each(rows)('K61 $seen: $proof', ({ proof }) => {
  const [, words = '', file = ''] = /^`(.+)` (runner\/\S+\.test\.ts)$/.exec(proof) ?? [];
  if (file === '') {
    expect(proof).toMatch(/^(not by a test: .{20}|scenario \d+ of suites\/tenants)/);
    return;
  }
  expect(existsSync(resolve(root, file)), file).toBe(true);
  const titles =
    readFileSync(resolve(root, file), 'utf8').match(/^ *test(\.each)?[\s\S]*?=> \{$|^\]\)\('.*'/gm) ?? [];
  expect(titles.join('\n'), `a title of ${file}`).toContain(words);
});

const forbidden: Script = (_, response) =>
  answerJson(response, 403, { kind: 'Status', reason: 'Forbidden', message: 'no right' });

test('events that may not be created are said in the log, and hinder nothing', async () => {
  await using server = await scriptedServer(forbidden);
  const client = clientOf(server.kubeconfig);
  const errors: unknown[] = [];
  const recorder = eventRecorder({
    ...{ client, component: 'c', reportingInstance: 'i' },
    onError: (error) => errors.push(error),
  });
  await recorder.record(
    { metadata: { name: 'acme', namespace: 'n' } },
    { type: 'Normal', reason: 'R', message: 'm' },
  );
  await client.close();
  expect(errors).toMatchObject([{ code: 'CHR_KUBE_FORBIDDEN' }]);
});

test('CRD ensure: a right that is missing fails the engagement with the API server’s words, without five tries', async () => {
  await using server = await scriptedServer(forbidden);
  const client = clientOf(server.kubeconfig);
  await expect(ensureCrd(client, new AbortController().signal)).rejects.toMatchObject({
    code: 'CHR_KUBE_FORBIDDEN',
  });
  await client.close();
  expect(server.asked).toHaveLength(1);
});

test('K21 K22 the CRD is made where it is missing, tried five times, each time later, while nothing answers, and never overwritten', async () => {
  const answers = async (script: Script) => {
    await using server = await scriptedServer(script);
    const client = clientOf(server.kubeconfig);
    const clock = fakeClock();
    let ended = false;
    const ensured = ensureCrd(client, new AbortController().signal, clock)
      .catch((one: unknown) => one)
      .finally(() => {
        ended = true;
      });
    for (let tries = 1; tries < 5 && !ended; tries += 1) {
      await eventually(() => ended || (server.asked.length === tries && clock.timers() > 0));
      await clock.advance(250 * tries);
    }
    const error = await ensured;
    await client.close();
    return { error, asked: server.asked.map((line) => line.split(' ')[0]), ms: clock.monotonicMs() };
  };
  const missing: Script = (request, response) =>
    answerJson(response, request.method === 'GET' ? 404 : 201, { kind: 'Status', reason: 'NotFound' });
  expect(await answers(missing)).toMatchObject({ error: undefined, asked: ['GET', 'POST'] });
  expect(await answers((_, response) => answerJson(response, 200, {}))).toMatchObject({
    error: undefined,
    asked: ['GET'],
  });
  const cut = await answers((request) => request.socket.destroy());
  expect(cut).toMatchObject({ error: { code: 'CHR_KUBE_UNREACHABLE' } });
  expect(cut.asked).toHaveLength(5);
  expect(cut.ms).toBe(250 + 500 + 750 + 1_000);
});

test('K57 a fingerprint that cannot be written is FingerprintUpdateFailed, one that can is FingerprintUpdated', async () => {
  await using refused = await testStage({ script: forbidden });
  await keepFingerprint(refused.context, 'f'.repeat(64));
  expect(refused.reasons()).toEqual(['FingerprintUpdateFailed']);
  await using taken = await testStage({ script: (_, response) => answerJson(response, 200, {}) });
  await keepFingerprint(taken.context, 'f'.repeat(64));
  expect(taken.reasons()).toEqual(['FingerprintUpdated']);
  expect(taken.server.bodies[0]).toMatchObject({
    metadata: { annotations: { 'mesh.openkcm.io/fingerprint-self-cluster': 'f'.repeat(64) } },
  });
});
