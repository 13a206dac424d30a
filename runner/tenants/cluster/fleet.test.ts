// Which clusters there are, with an API server that answers as each test says, and a clock that moves when it is told to.
import type { ServerResponse } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { clientOf, type Secret } from '../../kube/index.ts';
import { answerJson, eventually, fakeClock, scriptedServer } from '../../kube/testing/index.ts';
import { accessOf } from '../kubeconfig/access.ts';
import type { EngagedCluster } from './engaged.ts';
import { fleet } from './fleet.ts';

const undo: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  while (undo.length > 0) await undo.pop()?.();
});

const kubeconfig = (server: string) =>
  JSON.stringify({
    'current-context': 'c',
    clusters: [{ name: 'c', cluster: { server } }],
    users: [{ name: 'u', user: { token: 't' } }],
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
  });

let versions = 100;
function secret(name: string, text: string | undefined, creationTimestamp = '2026-01-01T00:00:00Z'): Secret {
  const data = text === undefined ? {} : { kubeconfig: Buffer.from(text).toString('base64') };
  versions += 1;
  const metadata = { name, namespace: 'ops', uid: name, creationTimestamp };
  return { metadata: { ...metadata, resourceVersion: String(versions) }, data };
}

interface StageOptions {
  readonly start: readonly Secret[];
  /** Clusters that never answer. */
  readonly dead?: readonly string[];
  /** Clusters that answer when the test says so. */
  readonly slow?: Readonly<Record<string, Promise<void>>>;
  /** kube-system's uid by cluster, where it is not the name. */
  readonly uids?: Readonly<Record<string, string>>;
}

async function stage({ start, dead = [], slow = {}, uids = {} }: StageOptions) {
  const clock = fakeClock();
  const watchers = new Set<ServerResponse>();
  const api = { answers: 'well' as 'well' | 'badly' };
  const server = await scriptedServer((request, response) => {
    if (api.answers === 'badly')
      return answerJson(response, 500, { kind: 'Status', message: 'etcd is gone' });
    if (!request.url?.includes('watch=')) {
      const body = { kind: 'SecretList', metadata: { resourceVersion: '100' }, items: start };
      return answerJson(response, 200, body);
    }
    response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
    watchers.add(response);
    response.on('close', () => watchers.delete(response));
  });
  const engagements: string[] = [];
  const gone: string[] = [];
  const lines: string[] = [];
  const stop = new AbortController();
  const client = clientOf(server.kubeconfig);
  const clusters = fleet({
    ...{ client, clock, namespace: 'ops', label: 'is-cluster', key: 'kubeconfig', signal: stop.signal },
    accessOf: (_, text) => accessOf(text, 'refuse'),
    engage: async (name, _, signal) => {
      if (dead.includes(name))
        await new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => reject(signal.reason)),
        );
      await slow[name];
      engagements.push(name);
      const made = { name, uid: uids[name] ?? name, client: { server: name }, close: async () => {} };
      return made as unknown as EngagedCluster;
    },
    onEngaged: () => {},
    onDisengaged: (name) => gone.push(name),
    log: (line) => lines.push(line),
  });
  undo.push(
    async () => await server[Symbol.asyncDispose](),
    () => client.close(),
    async () => {
      stop.abort(new Error('end of test'));
      await clusters.stop();
    },
  );
  await eventually(() => clusters.hasSynced());
  return {
    ...{ api, clusters, clock, engagements, gone, lines, server },
    names: () => clusters.all().map(({ name }) => name),
    tell: async (type: 'ADDED' | 'MODIFIED' | 'DELETED', object: Secret) => {
      await eventually(() => watchers.size > 0);
      for (const watcher of watchers) watcher.write(`${JSON.stringify({ type, object })}\n`);
    },
    breakWatches: () => {
      for (const watcher of watchers) watcher.destroy();
    },
  };
}

test('K04 a labelled Secret becomes a cluster named like it', async () => {
  const { names, server } = await stage({ start: [secret('remote-a', kubeconfig('https://a'))] });
  await eventually(() => names().length === 1);
  expect(names()).toEqual(['remote-a']);
  expect(server.asked[0]).toContain('/namespaces/ops/secrets?');
  expect(decodeURIComponent(server.asked[0] ?? '')).toContain('labelSelector=is-cluster=true');
});

test('K06 a Secret without the key is skipped, and the others work', async () => {
  const { names, lines } = await stage({
    start: [secret('empty', undefined), secret('remote-a', kubeconfig('https://a'))],
  });
  await eventually(() => names().includes('remote-a'));
  expect(names()).toEqual(['remote-a']);
  expect(lines).toContain('Secret empty has no data key kubeconfig: skipped');
});

test('K07 the same bytes again engage nothing anew; K08 other bytes do', async () => {
  const { engagements, gone, tell } = await stage({ start: [secret('a', kubeconfig('https://a'))] });
  await eventually(() => engagements.length === 1);
  await tell('MODIFIED', secret('a', kubeconfig('https://a')));
  await tell('ADDED', secret('b', kubeconfig('https://b')));
  await eventually(() => engagements.includes('b'));
  expect(engagements).toEqual(['a', 'b']);
  await tell('MODIFIED', secret('a', kubeconfig('https://elsewhere')));
  await eventually(() => engagements.length === 3);
  expect(gone).toEqual(['a']);
});

test('K09 a deleted Secret and K10 a lost label, which a watch tells as a deletion, disengage; the name can come again', async () => {
  const { names, engagements, gone, tell } = await stage({ start: [secret('a', kubeconfig('https://a'))] });
  await eventually(() => names().includes('a'));
  await tell('DELETED', secret('a', kubeconfig('https://a')));
  await eventually(() => gone.includes('a'));
  expect(names()).toEqual([]);
  await tell('ADDED', secret('a', kubeconfig('https://a')));
  await eventually(() => names().includes('a'));
  expect(engagements).toEqual(['a', 'a']);
});

test('K11 a cluster that never answers delays no other', async () => {
  const { names, clusters, clock } = await stage({
    start: [secret('dead', kubeconfig('https://d')), secret('alive', kubeconfig('https://a'))],
    dead: ['dead'],
  });
  await eventually(() => names().includes('alive'));
  expect(clusters.standing('dead')).toEqual({ is: 'joining' });
  clock.skip(11_000);
  expect(clusters.standing('dead')).toMatchObject({ is: 'unreachable' });
  expect(clusters.standing('never-heard-of')).toEqual({ is: 'absent' });
});

test('a kubeconfig that would run a program is refused and says why', async () => {
  const text = kubeconfig('https://a').replace('{"token":"t"}', '{"exec":{"command":"sh"}}');
  const { clusters, names } = await stage({ start: [secret('a', text)] });
  await eventually(() => clusters.states().get('a')?.state === 'refused');
  expect(clusters.states().get('a')?.why).toContain('user u has exec');
  expect(names()).toEqual([]);
});

const [early, late] = ['2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'];
test.each([
  [
    'the older',
    [
      ['b', early],
      ['a', late],
    ],
    'b',
  ],
  [
    'of one second the first by name',
    [
      ['b', early],
      ['a', early],
    ],
    'a',
  ],
  [
    "home's own",
    [
      ['a', early],
      ['self-cluster', late],
    ],
    'self-cluster',
  ],
] as const)('two Secrets for one cluster: %s has it, whichever answers first', async (_, rows, expected) => {
  const [other = ''] = rows.map(([name]) => name).filter((name) => name !== expected);
  for (const slowest of [expected, other]) {
    const answers = Promise.withResolvers<void>();
    const { clusters, names, engagements, gone } = await stage({
      start: rows.map(([name, created]) => secret(name, kubeconfig(`https://${name}`), created)),
      uids: { [expected]: 'one', [other]: 'one' },
      slow: { [slowest]: answers.promise },
    });
    await eventually(() => engagements.length === 1);
    answers.resolve();
    await eventually(() => clusters.states().get(other)?.state === 'refused');
    expect(clusters.states().get(other)?.why).toBe(`it is the same cluster as ${expected}`);
    expect(names()).toEqual([expected]);
    expect(gone).toEqual(slowest === expected ? [other] : []);
  }
});

test('the second Secret of a cluster takes over when the first one leaves, and is refused anew by a third', async () => {
  const { clusters, names, tell } = await stage({
    start: [secret('a', kubeconfig('https://a'))],
    uids: { a: 'one', again: 'one', other: 'other' },
  });
  await eventually(() => names().join() === 'a');
  await tell('ADDED', secret('again', kubeconfig('https://a2')));
  await eventually(() => clusters.states().get('again')?.state === 'refused');
  await tell('ADDED', secret('other', kubeconfig('https://o')));
  await eventually(() => names().includes('other'));
  await tell('DELETED', secret('other', kubeconfig('https://o')));
  await eventually(() => !names().includes('other'));
  expect(clusters.standing('again')).toMatchObject({ why: 'it is the same cluster as a' });
  await tell('DELETED', secret('a', kubeconfig('https://a')));
  await eventually(() => names().join() === 'again');
  expect(clusters.states().get('again')).toMatchObject({ state: 'engaged', why: '' });
  await tell('ADDED', secret('a', kubeconfig('https://a'), late));
  await eventually(() => clusters.states().get('a')?.state === 'refused');
});

test('discovery that fails 1,000 times disengages nobody, and goes on afterwards', async () => {
  const { api, names, gone, clock, server, breakWatches } = await stage({
    start: [secret('a', kubeconfig('https://a')), secret('b', kubeconfig('https://b'))],
  });
  await eventually(() => names().length === 2);
  api.answers = 'badly';
  const before = server.asked.length;
  breakWatches();
  while (server.asked.length < before + 1_000) await clock.advance(5_000);
  expect(names().toSorted()).toEqual(['a', 'b']);
  expect(gone).toEqual([]);
  api.answers = 'well';
  await eventually(async () => {
    await clock.advance(5_000);
    return server.asked.at(-1)?.includes('watch=');
  });
  expect(names().toSorted()).toEqual(['a', 'b']);
}, 60_000);
