import type { ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { clientOf, type Informer, informer, type Namespace, resources } from './index.ts';
import { answerJson, eventually, fakeClock, type Script, scriptedServer } from './testing/index.ts';

const list = (...names: string[]) => ({
  metadata: { resourceVersion: '5' },
  items: names.map((name) => ({ metadata: { name, uid: name, resourceVersion: '1' } })),
});
const line = (type: string, name: string) =>
  `${JSON.stringify({ type, object: { metadata: { name, uid: name, resourceVersion: '6' } } })}\n`;
const isWatch = (url = '') => url.includes('watch=true');

/** Answers lists at once; watches as the test wants. */
function serving(watch: (response: ServerResponse, nth: number) => void): Script {
  let watches = 0;
  return (request, response) => {
    if (!isWatch(request.url)) return answerJson(response, 200, list('a', 'b'));
    watches += 1;
    watch(response, watches);
  };
}

async function stage(script: Script) {
  const server = await scriptedServer(script);
  const client = clientOf(server.kubeconfig);
  const clock = fakeClock();
  const errors: unknown[] = [];
  const seen: Informer<Namespace> = informer({
    ...{ client, clock, resource: resources.namespaces, random: () => 0.999_999 },
    onError: (error) => errors.push(error),
  });
  const told: string[] = [];
  seen.on(({ type, key }) => told.push(`${type} ${key}`));
  return {
    ...{ server, clock, seen, told, errors },
    asked: (kind: 'list' | 'watch') =>
      server.asked.filter((url) => isWatch(url) === (kind === 'watch')).length,
    [Symbol.asyncDispose]: async () => {
      await seen.stop();
      await client.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

describe('an informer', () => {
  test('a handler that throws is told to the log and hinders nobody; one that comes late gets all that is there', async () => {
    await using at = await stage(serving((response) => response.writeHead(200).flushHeaders()));
    at.seen.on(() => {
      throw new Error('broken handler');
    });
    const after: string[] = [];
    at.seen.on(({ key }) => after.push(key));
    at.seen.start();
    await at.seen.synced;
    expect([at.told, after]).toEqual([
      ['added a', 'added b'],
      ['a', 'b'],
    ]);
    expect(at.errors).toMatchObject([{ message: 'broken handler' }, { message: 'broken handler' }]);
    const late: string[] = [];
    at.seen.on(({ type, key }) => late.push(`${type} ${key}`));
    expect(late).toEqual(['added a', 'added b']);
  });

  test('a watch that ends at once again and again is asked for with growing pauses, and not with a list each time', async () => {
    await using at = await stage(serving((response) => response.writeHead(200).end()));
    at.seen.start();
    for (const [nth, ms] of [
      [1, 200],
      [2, 400],
      [3, 800],
    ] as const) {
      await eventually(() => at.asked('watch') === nth && at.clock.timers() === 1);
      await at.clock.advance(ms - 1);
      expect(at.asked('watch')).toBe(nth);
      await at.clock.advance(1);
    }
    await eventually(() => at.asked('watch') === 4);
    expect(at.asked('list')).toBe(1);
  });

  test('a watch that was healthy goes on at once, from the last thing it said', async () => {
    await using at = await stage(
      serving((response, nth) => {
        response.writeHead(200);
        if (nth === 1) response.end(line('MODIFIED', 'a'));
        else response.flushHeaders();
      }),
    );
    at.seen.start();
    await eventually(() => at.asked('watch') === 2);
    expect(at.told).toEqual(['added a', 'added b', 'modified a']);
    expect(at.server.asked.at(-1)).toContain('resourceVersion=6');
    expect([at.clock.timers(), at.asked('list')]).toEqual([0, 1]);
  });

  test('waits as long as the API server asks for', async () => {
    await using at = await stage((_, response) => answerJson(response, 429, {}, { 'retry-after': '9' }));
    at.seen.start();
    await eventually(() => at.clock.timers() === 1);
    await at.clock.advance(8_999);
    expect(at.asked('list')).toBe(1);
    await at.clock.advance(1);
    await eventually(() => at.asked('list') === 2);
    expect(at.seen.trouble()).toMatchObject({ code: 'CHR_KUBE_TOO_MANY_REQUESTS' });
  });

  test('stopped, it asks no more and leaves no timer', async () => {
    await using at = await stage((_, response) => answerJson(response, 500, {}));
    at.seen.start();
    await eventually(() => at.clock.timers() === 1);
    await at.seen.stop();
    await at.clock.advance(100_000);
    expect([at.asked('list'), at.clock.timers()]).toEqual([1, 0]);
  });
});
