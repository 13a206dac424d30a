// The flow over clusters of this file that an operator has already served, or has not: what is missing ends it, at its step.
import { expect, test } from 'vitest';
import {
  type Cluster,
  type ClusterName,
  clusterNames,
  type InventoryItem,
  type Kind,
  type Thing,
  type World,
} from '../../suites/tenants/world.ts';
import { flow } from './flow.ts';

/** What an operator did for the Tenants of one cluster. */
interface Served {
  readonly workspace?: 'none';
  readonly release?: string;
  readonly phase?: string;
  readonly available?: number;
  /** Tenants that are deleted keep their finalizer. */
  readonly deletion?: 'stuck' | 'refused';
  readonly leftBehind?: string;
}

function servedCluster(name: ClusterName, served: Served, deleted: string[]): Cluster {
  const tenants = new Map<string, Thing>();
  const { release = 'deployed', phase = 'Ready', available = 3 } = served;
  const thing = (kind: Kind, rest: object = {}): Thing => ({
    ...{ apiVersion: 'v1', kind, metadata: { name: kind } },
    ...rest,
  });
  const lists: Partial<Record<Kind, readonly Thing[]>> = {
    Secret: [thing('Secret', { metadata: { name: 's', labels: { version: '1', status: release } } })],
    Deployment: [1, 2, 3].map((n) =>
      thing('Deployment', { status: n <= available ? { availableReplicas: 1 } : {} }),
    ),
  };
  return {
    name,
    find: async (kind, where) => {
      if (kind === 'Tenant') return tenants.get(where.name);
      return served.workspace === 'none' ? undefined : thing(kind);
    },
    list: async (kind) => lists[kind] ?? [],
    apply: async (object) => {
      const metadata = { ...object.metadata, generation: 1 };
      const stored = { ...object, metadata, status: { phase, observedGeneration: 1 } };
      tenants.set(object.metadata.name, stored);
      return stored;
    },
    patch: async () => {},
    remove: async (_kind, where) => {
      deleted.push(where.name);
      if (served.deletion === 'refused') throw new Error(`${where.name}: the deletion was refused`);
      if (served.deletion !== 'stuck') tenants.delete(where.name);
    },
  };
}

async function outcome(remote: Served) {
  const deleted: string[] = [];
  const clusters = Object.fromEntries(
    clusterNames.map((name) => [name, servedCluster(name, name === 'remote-a' ? remote : {}, deleted)]),
  ) as Record<ClusterName, Cluster>;
  const left = (name: string): InventoryItem => ({
    ...{ cluster: 'remote-a', kind: 'Namespace', name, finalizers: [], state: 'there' as const },
  });
  const charts = { repository: (name: string) => `http://charts/${name}` };
  const inventory = async () => (remote.leftBehind === undefined ? [] : [left(remote.leftBehind)]);
  const given = { clusters, charts, baseline: [], inventory } as unknown as World;
  return { ...(await said(async () => given)), deleted };
}

async function said(bringUp: () => Promise<World>) {
  const [lines, complaints]: [string[], string[]] = [[], []];
  const output = {
    say: (line: string) => lines.push(line),
    complain: (line: string) => complaints.push(line),
  };
  const code = await flow(bringUp, output, { ready: 1, available: 1, gone: 1 });
  return { code, lines, complaints };
}

const all = [
  'workspace namespace created: two-home-ws on home',
  'workspace namespace created: two-remote-ws on remote-a',
  'helm install success: tenant-two-home-self-cluster on home',
  'helm install success: tenant-two-remote-remote-a on remote-a',
  'tenant phase is Ready on home cluster: two-home',
  'tenant phase is Ready on remote cluster: two-remote',
];

test('K60 all is well: every step is said in its order, and the end', async () => {
  const { code, lines, complaints, deleted } = await outcome({});
  expect({ code, complaints }).toEqual({ code: 0, complaints: [] });
  expect(lines).toEqual([...all, 'e2e passed']);
  expect(deleted).toEqual(['two-home', 'two-remote']);
});

test.each<[string, Served, number, RegExp[]]>([
  ['there is no workspace', { workspace: 'none' }, 1, [/namespace two-remote-ws: .* last seen: none/]],
  ['the release failed', { release: 'failed' }, 3, [/release tenant-two-remote-.*failed/]],
  ['the Tenant is Pending', { phase: 'Pending' }, 5, [/Tenant two-remote is Ready: .*Pending/]],
  ['a Deployment is not available', { available: 2 }, 5, [/three Deployments are .* 2 of 3 are available/]],
  ['the Tenant does not go', { deletion: 'stuck' }, 6, [/Tenant two-remote is gone: /]],
  ['the deletion is refused', { deletion: 'refused' }, 6, [/two-remote: the deletion was refused/]],
  [
    'something stays',
    { leftBehind: 'two-remote-ws' },
    6,
    [/unexplained: Namespace two-remote-ws on remote-a/],
  ],
  [
    ...(['it is Pending and does not go', { phase: 'Pending', deletion: 'stuck' }, 5] as const),
    [/nor could it be cleaned up: .*two-remote is gone/, /Tenant two-remote is Ready: .*Pending/],
  ],
])('K60 %s: no further step is said, the exit code is 1, all Tenants are deleted', async (...row) => {
  const [, remote, steps, expected] = row;
  const { code, lines, complaints, deleted } = await outcome(remote);
  expect(code).toBe(1);
  expect(lines).toEqual(all.slice(0, steps));
  expect(complaints).toEqual(expected.map((text) => expect.stringMatching(text)));
  expect(deleted).toEqual(['two-home', 'two-remote']);
});

test('K60 where the clusters do not come up nothing is said', async () => {
  const end = await said(() => Promise.reject(new Error('no Docker engine answers')));
  expect(end).toEqual({ code: 1, lines: [], complaints: ['no Docker engine answers'] });
});
