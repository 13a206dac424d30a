// A Tenant that is being deleted, by what Helm keeps in its workspace: what is taken away, and when the finalizer may go.
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { Namespace, Secret } from '../../kube/index.ts';
import { answerJson } from '../../kube/testing/index.ts';
import type { EngagedCluster } from '../cluster/engaged.ts';
import { decide } from '../decide/decide.ts';
import { releaseName } from '../names.ts';
import type { Tenant } from '../tenant.ts';
import { testStage } from '../testing.ts';
import { observer } from './observe.ts';

const going = '2026-01-03T00:00:00Z';

function tenant(namespace: string, name: string, metadata: object = {}): Tenant {
  const uid = `uid-${namespace}-${name}`;
  const finalizers = ['mesh.openkcm.io/cleanup'];
  return {
    metadata: {
      ...{ namespace, name, uid, finalizers, generation: 1 },
      ...{ creationTimestamp: '2026-01-02T00:00:00Z', deletionTimestamp: going },
      ...metadata,
    },
    spec: { workspace: 'acme-ws' },
  };
}

/** A first revision, with the uid of who rolled it out. */
function release(name: string, uid?: string): Secret {
  const labels = { owner: 'helm', name, version: '1', status: 'deployed' };
  const packed = gzipSync(JSON.stringify({ name, version: 1 })).toString('base64');
  return {
    metadata: {
      name: `sh.helm.release.v1.${name}.v1`,
      labels: uid === undefined ? labels : { ...labels, 'mesh.openkcm.io/tenant': uid },
    },
    data: { release: Buffer.from(packed).toString('base64') },
  };
}

interface Situation {
  readonly mine?: Tenant;
  readonly others?: readonly Tenant[];
  readonly releases?: readonly Secret[];
  readonly madeFor?: string;
  readonly secretsAnswer?: 200 | 403;
  readonly trouble?: string;
  /** It is stored on a remote, and home, with these Tenants, is engaged or away. */
  readonly home?: readonly Tenant[] | 'away';
}

async function next(situation: Situation) {
  const { mine = tenant('tenants', 'acme'), others = [], releases = [], secretsAnswer = 200 } = situation;
  const { madeFor, trouble, home } = situation;
  await using stage = await testStage({
    script: (request, response) => {
      if (!request.url?.startsWith('/api/v1/namespaces/acme-ws/secrets'))
        return answerJson(response, 200, {});
      const wanted = decodeURIComponent(request.url);
      const items = releases.filter(
        ({ metadata }) => !wanted.includes('name=') || wanted.includes(`name=${metadata?.labels?.name}`),
      );
      answerJson(
        response,
        secretsAnswer,
        secretsAnswer === 200
          ? { kind: 'SecretList', metadata: { resourceVersion: '1' }, items }
          : { kind: 'Status' },
      );
    },
    tenant: mine,
  });
  const annotations = madeFor === undefined ? {} : { 'mesh.openkcm.io/workspace-of': madeFor };
  const cluster = {
    ...stage.context.scene.store,
    namespace: () => ({ metadata: { name: 'acme-ws', annotations } }) as Namespace,
    tenants: () => [mine, ...others],
    trouble: () => trouble,
  } as EngagedCluster;
  const targetName = home === undefined ? 'self-cluster' : 'remote-a';
  const homeCluster = { ...cluster, name: 'self-cluster', tenants: () => home ?? [] } as EngagedCluster;
  const engaged = [
    { ...cluster, name: targetName },
    ...(home === undefined || home === 'away' ? [] : [homeCluster]),
  ];
  const world = {
    ...stage.context.world,
    clusters: () => engaged,
    cluster: (wanted: string) => engaged.find((one) => one.name === wanted),
  };
  const { name = '', namespace = '' } = mine.metadata ?? {};
  const scene = { store: cluster, target: cluster, targetName, release: releaseName(name, targetName) };
  const id = { storedOn: targetName, namespace, name };
  const found = await observer(world)({ ...stage.context.scene, ...scene, id });
  const { action, reason } = decide(found.observed);
  return { does: `${action} ${reason}`, of: found.release?.name, why: found.why };
}

const mine = 'uid-tenants-acme';
const name = 'tenant-acme-self-cluster';
const earlier = tenant('b', 'acme', {
  creationTimestamp: '2026-01-01T00:00:00Z',
  deletionTimestamp: undefined,
});
const later = tenant('b', 'acme', {
  creationTimestamp: '2026-01-03T00:00:00Z',
  deletionTimestamp: undefined,
});
const sharer = tenant('tenants', 'sharer');
const staying = tenant('tenants', 'acme-too', { deletionTimestamp: undefined });
const refused = tenant('c', 'acme', { deletionTimestamp: undefined, finalizers: [] });

test.each<[string, Situation, { does: string; of?: string }]>([
  ['its own release', { releases: [release(name, mine)] }, { does: 'uninstall Deleting', of: name }],
  [
    'one from before releases said whose they are',
    { releases: [release(name)] },
    { does: 'uninstall Deleting', of: name },
  ],
  [
    'what it rolled out while its cluster was called otherwise',
    { madeFor: 'remote-a/tenants', releases: [release('tenant-acme-remote-a', mine)] },
    { does: 'uninstall Deleting', of: 'tenant-acme-remote-a' },
  ],
  [
    'what it rolled out before an older one of its name came into view',
    { others: [earlier], releases: [release(name, mine)] },
    { does: 'uninstall Deleting', of: name },
  ],
  [
    'nothing of an older one of its name',
    { others: [earlier], releases: [release(name, 'uid-b-acme')] },
    { does: 'remove-finalizer NothingOwned' },
  ],
  [
    'nothing of a younger one of its name, which was rolled out while the older was out of sight',
    { others: [later], releases: [release(name, 'uid-b-acme')] },
    { does: 'remove-finalizer Deleted' },
  ],
  [
    'nothing by a Secret that Helm would look past, and nothing is let go of:',
    { releases: [{ ...release(name, mine), data: {} }] },
    { does: 'report-release ReleaseUnreadable', of: name },
  ],
  [
    "nothing of another Tenant's, by a label that says so,",
    { others: [staying], releases: [release('tenant-acme-too-self-cluster', mine)] },
    { does: 'remove-finalizer Deleted' },
  ],
  [
    'nothing that no release of its own can be called, whatever its label says,',
    { releases: [release('of-nobody', mine)] },
    { does: 'remove-finalizer Deleted' },
  ],
  [
    'its own, also with the label of a Tenant that has no release of that name,',
    { others: [staying], releases: [release(name, 'uid-tenants-acme-too')] },
    { does: 'uninstall Deleting', of: name },
  ],
  [
    'its own, also with the label of one that was refused from its first day,',
    { madeFor: 'self-cluster/tenants', others: [refused], releases: [release(name, 'uid-c-acme')] },
    { does: 'uninstall Deleting', of: name },
  ],
  [
    'nothing of those whom the workspace was made for',
    { madeFor: 'self-cluster/b', releases: [release('theirs', 'uid-b-acme')] },
    { does: 'remove-finalizer NothingOwned' },
  ],
])('%s is taken away', async (_, situation, expected) => {
  const { does, of } = await next(situation);
  expect({ does, of }).toEqual({ of: undefined, ...expected });
});

test('of a Tenant that is refused nothing is taken for granted: what may not be looked at keeps the finalizer', async () => {
  await expect(next({ others: [earlier], secretsAnswer: 403 })).rejects.toMatchObject({
    code: 'CHR_KUBE_FORBIDDEN',
  });
});

test('a cluster that has fallen silent keeps the finalizer, also of one that is refused, and says so', async () => {
  const found = await next({ others: [earlier], trouble: 'no answer' });
  expect(found).toMatchObject({
    does: 'keep-finalizer ClusterUnreachable',
    why: 'cluster self-cluster: no answer',
  });
});

const onRemote = 'tenant-acme-remote-a';
const ofHome: Tenant = {
  ...tenant('x', 'acme', { deletionTimestamp: undefined }),
  spec: { workspace: 'acme-ws', clusterRef: { secretName: 'remote-a' } },
};
const running = { mine: tenant('y', 'acme', { deletionTimestamp: undefined }) };
const leftBehind = { mine: tenant('y', 'acme') };
const ofX = [release(onRemote, 'uid-x-acme')];

test.each<[string, Situation, string, string]>([
  [
    'runs, home is away',
    { ...running, home: 'away', releases: ofX },
    'left',
    'report-cluster ClusterNotEngaged',
  ],
  [
    'goes, home is away',
    { ...leftBehind, home: 'away', releases: ofX },
    'left',
    'keep-finalizer ClusterNotEngaged',
  ],
  [
    'runs, home says whose it is',
    { ...running, home: [ofHome], releases: ofX },
    'left',
    'refuse ReleaseNameConflict',
  ],
  [
    'goes, home says whose it is',
    { ...leftBehind, home: [ofHome], releases: ofX },
    'left',
    'remove-finalizer NothingOwned',
  ],
  [
    'goes, home knows of no such Tenant',
    { ...leftBehind, home: [], releases: ofX },
    'taken',
    'uninstall Deleting',
  ],
  [
    'goes with its own release, home is away',
    { ...leftBehind, home: 'away', releases: [release(onRemote, 'uid-y-acme')] },
    'taken',
    'uninstall Deleting',
  ],
])(
  "a release that may be of home's Tenant, where the one of its name %s",
  async (_, situation, what, expected) => {
    const { does, of, why } = await next(situation);
    expect({ does, of }).toEqual({ does: expected, of: what === 'taken' ? onRemote : undefined });
    if (situation.home === 'away' && what === 'left')
      expect(why).toBe(
        `release ${onRemote} was rolled out by another Tenant (uid uid-x-acme), and cluster self-cluster, which may store it, is not engaged`,
      );
  },
);

const made = 'self-cluster/tenants';
test.each<[string, Situation, string]>([
  ['alone', { madeFor: made }, 'delete-workspace Deleting'],
  [
    'beside one that stays',
    { madeFor: made, others: [tenant('tenants', 'sharer', { deletionTimestamp: undefined })] },
    'remove-finalizer Deleted',
  ],
  [
    'beside one that goes, too, and whose release is still there',
    { madeFor: made, others: [sharer], releases: [release('tenant-sharer-self-cluster')] },
    'remove-finalizer Deleted',
  ],
  [
    'the same, by its uid',
    { madeFor: made, others: [sharer], releases: [release('tenant-sharer-remote-a', 'uid-tenants-sharer')] },
    'remove-finalizer Deleted',
  ],
  [
    'beside one that goes, too, and whose uid stands on what cannot be its release',
    { madeFor: made, others: [sharer], releases: [release('other', 'uid-tenants-sharer')] },
    'delete-workspace Deleting',
  ],
  [
    'beside one that was suspended before anything was rolled out',
    {
      madeFor: made,
      others: [tenant('tenants', 'sharer', { deletionTimestamp: undefined, finalizers: [] })],
    },
    'delete-workspace Deleting',
  ],
  [
    'beside one that goes, too, and has nothing left',
    { madeFor: made, others: [sharer] },
    'delete-workspace Deleting',
  ],
])('the workspace of a Tenant whose release is gone, %s', async (_, situation, expected) => {
  expect((await next(situation)).does).toBe(expected);
});
