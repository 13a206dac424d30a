import { expect, test } from 'vitest';
import {
  type Claim,
  collision,
  isForbiddenWorkspace,
  type Neighbour,
  targetOf,
  workspaceFate,
} from './route.ts';

test.each([
  ['self-cluster', undefined, 'self-cluster', 'K24 without clusterRef where it is stored'],
  ['remote-a', undefined, 'remote-a', 'K24 also on a remote'],
  ['remote-a', 'remote-a', 'remote-a', 'the remote itself'],
  ['self-cluster', 'remote-a', 'remote-a', 'from home to a remote'],
  ['remote-a', 'remote-b', undefined, 'K23 a remote does nothing for another cluster'],
  ['remote-a', 'self-cluster', undefined, 'K23 a remote cannot reach home'],
])('stored on %s with clusterRef %s: %s (%s)', (storedOn, secretName, expected, _why) => {
  expect(targetOf(storedOn, secretName === undefined ? undefined : { secretName })).toBe(expected);
});

function neighbour(
  namespace: string,
  name: string,
  created: string,
  workspace = 'w',
  storedOn = 'self-cluster',
): Neighbour {
  const metadata = { namespace, name, uid: `${storedOn}${namespace}${name}`, creationTimestamp: created };
  return { id: { storedOn, namespace, name }, workspace, tenant: { metadata } };
}
const claim = (one: Neighbour, target = 'self-cluster'): Claim => ({ ...one, target });

test('two Tenants with one release name: the later one is refused, the earlier one not', () => {
  const early = neighbour('a', 'acme', '2026-01-01T00:00:00Z');
  const late = neighbour('b', 'acme', '2026-01-02T00:00:00Z');
  expect(collision(claim(late), [early])).toEqual({
    refusal: 'ReleaseNameConflict',
    with: 'Tenant a/acme of self-cluster',
  });
  expect(collision(claim(early), [late])).toBeUndefined();
});

test('two of the same second never both run, and never both wait', () => {
  const [one, other] = [neighbour('a', 'acme', 'T'), neighbour('b', 'acme', 'T')] as const;
  const refused = [collision(claim(one), [other]), collision(claim(other), [one])];
  expect(refused.filter((result) => result !== undefined)).toHaveLength(1);
});

test('a workspace belongs to the Tenants of one namespace', () => {
  const early = neighbour('a', 'first', '2026-01-01T00:00:00Z');
  const stranger = neighbour('b', 'second', '2026-01-02T00:00:00Z');
  const friend = neighbour('a', 'second', '2026-01-02T00:00:00Z');
  expect(collision(claim(stranger), [early])?.refusal).toBe('WorkspaceOfAnother');
  expect(collision(claim(friend), [early])).toBeUndefined();
  expect(collision(claim({ ...stranger, workspace: 'other' }), [early])).toBeUndefined();
});

test('the same Tenant stored twice, at home for the remote and on the remote, is one release: the later is refused', () => {
  const atHome = neighbour('a', 'acme', '2026-01-01T00:00:00Z', 'w', 'self-cluster');
  const onRemote = neighbour('a', 'acme', '2026-01-02T00:00:00Z', 'w', 'remote-a');
  expect(collision(claim(onRemote, 'remote-a'), [atHome])?.refusal).toBe('ReleaseNameConflict');
});

const made = { 'mesh.openkcm.io/workspace-of': 'self-cluster/tenants' };
const id = { storedOn: 'self-cluster', namespace: 'tenants', name: 'acme' };
const inNamespace = (namespace: string) => ({ storedOn: 'self-cluster', namespace, name: 'other' });
test.each([
  ['acme-ws', made, [], 'delete'],
  ['acme-ws', made, ['tenants'], 'keep'],
  ['acme-ws', made, ['refused'], 'delete'],
  ['acme-ws', made, ['refused', 'tenants'], 'keep'],
  ['acme-ws', {}, [], 'keep'],
  ['acme-ws', { 'mesh.openkcm.io/workspace-of': 'self-cluster/others' }, [], 'keep'],
  ['default', made, [], 'keep'],
  ['Default', made, [], 'keep'],
  ['', made, [], 'keep'],
  ['kube-system', made, [], 'keep'],
] as const)(
  'K45 K48 workspace "%s" with %j, wanted by others in %j: %s',
  (workspace, annotations, namespaces, fate) => {
    expect(workspaceFate({ workspace, annotations, id, others: namespaces.map(inNamespace) })).toBe(fate);
  },
);

test.each([
  ['kube-system', true],
  ['tenant-operator', true],
  ['clusters', true],
  ['default', false],
  ['acme', false],
])('nobody rolls out into %s: %s', (workspace, expected) => {
  expect(isForbiddenWorkspace(workspace, ['clusters', 'tenant-operator'])).toBe(expected);
});
