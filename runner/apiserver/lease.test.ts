import { expect, test } from 'vitest';
import { CharterError } from '../errors/index.ts';
import { fakeCluster } from './cluster-testing.ts';
import { getLease, updateLease } from './lease.ts';
import { getSecret } from './secret.ts';

async function failureOf(work: Promise<unknown>): Promise<CharterError> {
  const outcome = await work.catch((error: unknown) => error);
  if (outcome instanceof CharterError) return outcome;
  throw new Error(`expected a CharterError, got ${JSON.stringify(outcome)}`);
}

test('a Lease is read and written back with everything this program does not know', async () => {
  await using cluster = await fakeCluster();
  const { access } = cluster.server;
  cluster.leases.set('lock', {
    metadata: { name: 'lock', resourceVersion: '7', labels: { a: 'b' } },
    spec: { holderIdentity: 'one' },
  });
  const lease = await getLease(access, 'lock');
  expect(await updateLease(access, 'lock', { ...lease, spec: { holderIdentity: 'two' } })).toBe('written');
  expect(cluster.leases.get('lock')).toMatchObject({
    metadata: { labels: { a: 'b' } },
    spec: { holderIdentity: 'two' },
  });
  expect(cluster.server.seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
    'GET /apis/coordination.k8s.io/v1/namespaces/charter/leases/lock',
    'PUT /apis/coordination.k8s.io/v1/namespaces/charter/leases/lock',
  ]);
});

test('what was written since it was read is a conflict', async () => {
  await using cluster = await fakeCluster();
  cluster.setLease('lock', {});
  const lease = await getLease(cluster.server.access, 'lock');
  cluster.setLease('lock', { holderIdentity: 'quicker' });
  expect(await updateLease(cluster.server.access, 'lock', lease)).toBe('conflict');
  expect(cluster.leases.get('lock')?.spec?.holderIdentity).toBe('quicker');
});

test.each([
  [401, 'token'],
  [403, 'Role'],
  [404, 'execution.lock.lease'],
  [500, 'NetworkPolicy'],
])('%d is an error with the words of the API server and a hint about %s', async (status, hint) => {
  await using cluster = await fakeCluster();
  cluster.failWith = status;
  const error = await failureOf(getLease(cluster.server.access, 'lock'));
  expect(error.code).toBe('CHR_APISERVER');
  expect(error.message).toContain(`Lease charter/lock could not be read`);
  expect(error.message).toContain(`${status}: refused by the test`);
  expect(error.hint).toContain(hint);
});

test('patience asks again where nothing, 429 or 5xx came back, and not after a refusal', async () => {
  await using cluster = await fakeCluster();
  cluster.setLease('lock', {});
  for (const status of [0, 503, 429]) {
    cluster.failWith = status;
    setTimeout(() => {
      cluster.failWith = undefined;
    }, 300);
    await getLease(cluster.server.access, 'lock', { patienceMs: 5_000 });
  }
  cluster.failWith = 403;
  const before = cluster.server.seen.length;
  await failureOf(getLease(cluster.server.access, 'lock', { patienceMs: 5_000 }));
  expect(cluster.server.seen.length - before).toBe(1);
});

test('a Secret comes decoded; absent and forbidden say so; no answer is no absence', async () => {
  await using cluster = await fakeCluster();
  const { access } = cluster.server;
  cluster.secrets.set('pw', { KEY: Buffer.from('päss\n').toString('base64') });
  expect(await getSecret(access, 'pw')).toEqual({ data: { KEY: Buffer.from('päss\n') } });
  expect(await getSecret(access, 'other')).toEqual({ why: 'does not exist in namespace charter' });
  cluster.failWith = 403;
  expect(await getSecret(access, 'pw')).toEqual({ why: expect.stringContaining('may not be read') });
  for (const status of [0, 500]) {
    cluster.failWith = status;
    expect((await failureOf(getSecret(access, 'pw'))).code).toBe('CHR_APISERVER');
  }
});
