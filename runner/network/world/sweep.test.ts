// A sweep against a scripted API server: what is told as gone is gone, and what still has its time is left alone.
import type { ServerResponse } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { clientOf } from '../../kube/index.ts';
import { answerJson, scriptedServer } from '../../kube/testing/index.ts';
import { expiresAnnotation } from './names.ts';
import { removeWorld, type Sweep, sweepWorlds } from './sweep.ts';

const hour = 3_600_000;

/** `stays`: is terminating for ever. */
async function clusterWith(expires: Readonly<Record<string, number>>, stays: readonly string[] = []) {
  const there = new Set(Object.keys(expires));
  const namespace = (name: string) => {
    const until = new Date(Date.now() + (expires[name] ?? 0)).toISOString();
    return { metadata: { name, annotations: { [expiresAnnotation]: until } } };
  };
  const server = await scriptedServer(({ method, url = '' }, response: ServerResponse) => {
    const name = /namespaces\/([a-z-]+)/.exec(url)?.[1] ?? '';
    if (method === 'DELETE' && !stays.includes(name)) there.delete(name);
    answerJson(response, 200, { metadata: { resourceVersion: '1' }, items: [...there].map(namespace) });
  });
  const client = clientOf(server.kubeconfig);
  onTestFinished(async () => {
    await client.close();
    await server[Symbol.asyncDispose]();
  });
  return { client, asked: server.asked };
}

async function swept(which: Sweep, ...given: Parameters<typeof clusterWith>) {
  const { client, asked } = await clusterWith(...given);
  return { ...(await sweepWorlds(client, which, 600)), asked };
}

test('a world that does not go whole is not removed in silence', async () => {
  const { client } = await clusterWith({ 'net-a': hour, 'net-b': hour }, ['net-b']);
  const removed = removeWorld(client, 'ab12cd', 600);
  await expect(removed).rejects.toMatchObject({ code: 'CHR_WORLD', message: 'still terminating: net-b' });
});

test('a namespace that does not go is told as terminating, not as gone', async () => {
  expect(await swept('all', { 'net-a': hour, 'net-b': -hour }, ['net-b'])).toMatchObject({
    ...{ gone: ['net-a'], terminating: ['net-b'], spared: [] },
  });
});

test('what still has its time is spared, and said so', async () => {
  const { gone, spared, asked } = await swept('expired', { 'net-a': hour, 'net-b': -hour });
  expect({ gone, spared }).toEqual({ gone: ['net-b'], spared: ['net-a'] });
  expect(asked.filter((line) => line.startsWith('DELETE'))).toHaveLength(1);
});

test('one world is asked for by its own label', async () => {
  const { asked } = await swept({ suffix: 'ab12cd' }, { 'net-a': hour });
  expect(decodeURIComponent(asked[0] ?? '')).toContain('charter-runner.world=ab12cd');
});
