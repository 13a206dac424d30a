// A binding that gives nobody anything is as good as none.
import { expect, test } from 'vitest';
import type { KubeClient, KubeObject } from '../../kube/index.ts';
import { grant, wideGroup } from './workspace-access.ts';

const rbac = 'rbac.authorization.k8s.io';
const account = { kind: 'ServiceAccount', name: 'tenant-release', namespace: 'shop' };
const members = { apiGroup: rbac, kind: 'Group', name: wideGroup };
const binding = (role: string, subjects?: object[]) =>
  ({ roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: role }, subjects }) as unknown as KubeObject;

async function done(inside: KubeObject, everywhere: KubeObject): Promise<string[]> {
  const calls: string[] = [];
  const client = {
    find: async ({ kind }: { kind: string }) => (kind === 'RoleBinding' ? inside : everywhere),
    create: async ({ kind }: { kind: string }, { subjects }: { subjects?: object[] }) =>
      void calls.push(`create ${kind} ${JSON.stringify(subjects ?? [])}`),
    delete: async ({ kind }: { kind: string }) => void calls.push(`delete ${kind}`),
  } as unknown as KubeClient;
  await grant(client, 'shop', { workspaceClusterRole: 'admin', chartClusterRole: 'wide' });
  return calls.filter((call) => !call.includes('ServiceAccount []'));
}

const mended = ['delete RoleBinding', `create RoleBinding ${JSON.stringify([account])}`];
const mendedEverywhere = [
  'delete ClusterRoleBinding',
  `create ClusterRoleBinding ${JSON.stringify([members])}`,
];

test.each<[string, KubeObject, KubeObject, string[]]>([
  ['both as they should be', binding('admin', [account]), binding('wide', [members]), []],
  [
    'fields in another order',
    binding('admin', [{ namespace: 'shop', name: account.name, kind: account.kind }]),
    binding('wide', [members]),
    [],
  ],
  ['another role', binding('view', [account]), binding('wide', [members]), mended],
  ['no subjects', binding('admin'), binding('wide', [members]), mended],
  ['emptied subjects', binding('admin', []), binding('wide', [members]), mended],
  [
    'the account of elsewhere',
    binding('admin', [{ ...account, namespace: 'other' }]),
    binding('wide', [members]),
    mended,
  ],
  [
    'one subject more',
    binding('admin', [account, { ...account, name: 'mine' }]),
    binding('wide', [members]),
    mended,
  ],
  [
    'everywhere somebody else',
    binding('admin', [account]),
    binding('wide', [{ ...members, name: 'x' }]),
    mendedEverywhere,
  ],
])(
  'a binding is made anew unless it says just what it should: %s',
  async (_, inside, everywhere, expected) => {
    expect(await done(inside, everywhere)).toEqual(expected);
  },
);
