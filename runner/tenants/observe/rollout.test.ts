// What a Tenant asks for, where it cannot be had: every reason becomes words of its status.
import { expect, test } from 'vitest';
import { answerJson } from '../../kube/testing/index.ts';
import type { Charts } from '../chart/cache.ts';
import { testStage } from '../testing.ts';
import { askedFor, chartFor } from './rollout.ts';

const source = { repo: 'https://me:PASSWORD@charts.example', name: 'web', version: '1.0.0' };
const { signal } = new AbortController();

test.each<[string, unknown, string]>([
  ['a full disk', Object.assign(new Error('ENOSPC: no space left, write'), { code: 'ENOSPC' }), 'ENOSPC'],
  ['an answer that nobody has foreseen', new TypeError('x is not iterable'), 'x is not iterable'],
])('K37 %s is a chart that is not loaded', async (_, error, words) => {
  const resolve = async () => ({ digest: 'sha256:a', fetch: async () => Buffer.of() });
  const charts: Charts = { resolve, known: () => undefined, archive: () => Promise.reject(error) };
  await using stage = await testStage({ script: (_, response) => answerJson(response, 200, {}) });
  expect(await chartFor({ ...stage.context.world, charts }, source, signal)).toEqual({
    problem: { state: 'not-loaded', why: `https://charts.example/web:1.0.0: ${words}` },
  });
});

test('a Secret that could not be read is not taken for one without secrets', async () => {
  let answer: [number, object] = [404, { kind: 'Status', reason: 'NotFound' }];
  await using stage = await testStage({ script: (_, response) => answerJson(response, ...answer) });
  const { world, scene } = stage.context;
  const spec = { ...scene.spec, valuesFrom: [{ kind: 'Secret' as const, name: 'shop' }] };
  await expect(askedFor(world, { ...scene, spec })).rejects.toMatchObject({ code: 'CHR_TENANT_VALUES' });
  expect(world.confidential.knows(scene.key)).toBe(false);
  answer = [200, { data: { 'values.yaml': Buffer.from('password: hunter-two').toString('base64') } }];
  await askedFor(world, { ...scene, spec });
  expect(world.confidential.conceal(scene.key, 'hunter-two')).toBe('***');
});

test('what a Secret held when the release was rolled out is cut out, and what stands beside it is not', async () => {
  const data = { 'values.yaml': Buffer.from('db: { password: new-password }').toString('base64') };
  await using stage = await testStage({ script: (_, response) => answerJson(response, 200, { data }) });
  const { world, scene } = stage.context;
  const spec = { ...scene.spec, valuesFrom: [{ kind: 'Secret' as const, name: 'shop' }] };
  const values = { image: 'nginx:1.27', db: { password: 'old-password', host: 'db.example' } };
  await askedFor(world, { ...scene, spec }, { values });
  const message = 'new-password old-password nginx:1.27 db.example';
  expect(world.confidential.conceal(scene.key, message)).toBe('*** *** nginx:1.27 db.example');
});
