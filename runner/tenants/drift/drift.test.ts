import { expect, test } from 'vitest';
import type { AnyObject } from '../../kube/index.ts';
import type { IgnoreRule } from '../tenant.ts';
import { compare } from './compare.ts';
import { counted, ignoredPaths, keepingIgnored } from './ignore.ts';
import { releasedObjects } from './manifest.ts';

const manifest = `
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels: { app: web }
spec:
  replicas: 2
  template:
    spec:
      containers:
        - name: app
          image: web:1
          args: [--quiet]
          resources: { limits: { cpu: 0.5, memory: 1Gi } }
          env: [{ name: MODE, value: '' }]
---
# Source: nothing.yaml
---
apiVersion: v1
kind: Secret
metadata: { name: keys }
stringData: { a: plain }
`;
const [web, keys] = releasedObjects(manifest) as [
  ReturnType<typeof releasedObjects>[number],
  ReturnType<typeof releasedObjects>[number],
];

/** As an API server gives it back: defaults filled in, amounts in its own form. */
function live(): AnyObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', labels: { app: 'web', 'app.kubernetes.io/managed-by': 'Helm' }, uid: '1' },
    spec: {
      replicas: 2,
      strategy: { type: 'RollingUpdate' },
      template: {
        spec: {
          containers: [
            { name: 'sidecar', image: 'injected' },
            {
              name: 'app',
              image: 'web:1',
              args: ['--quiet'],
              resources: { limits: { cpu: '500m', memory: '1Gi' } },
              env: [{ name: 'MODE' }],
            },
          ],
        },
      },
    },
    status: { replicas: 1 },
  };
}

const changed = (change: (object: AnyObject) => void) => {
  const object = live();
  change(object);
  return compare(web.object, object).map(({ path }) => path);
};
const spec = (object: AnyObject) => object.spec as Record<string, never>;
const container = (object: AnyObject) =>
  (spec(object) as unknown as { template: { spec: { containers: Record<string, unknown>[] } } }).template.spec
    .containers[1] as Record<string, unknown>;

test('documents without an object are no objects', () => {
  expect(releasedObjects(manifest).map(({ kind, name }) => `${kind}/${name}`)).toEqual([
    'Deployment/web',
    'Secret/keys',
  ]);
  const list = 'apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}]';
  expect(releasedObjects(list)).toMatchObject([{ kind: 'ConfigMap', name: 'a' }]);
});

test('what the API server fills in or writes in its own way is no drift', () => {
  expect(compare(web.object, live())).toEqual([]);
});

test.each<[string, (object: AnyObject) => void, string[]]>([
  ['scale', (object) => Object.assign(spec(object), { replicas: 5 }), ['/spec/replicas']],
  ['scale to zero', (object) => Object.assign(spec(object), { replicas: 0 }), ['/spec/replicas']],
  [
    'edit',
    (object) => Object.assign(container(object), { image: 'web:2' }),
    ['/spec/template/spec/containers/0/image'],
  ],
  [
    'an argument more',
    (object) => Object.assign(container(object), { args: ['--quiet', '-v'] }),
    ['/spec/template/spec/containers/0/args'],
  ],
  [
    'other limits',
    (object) => Object.assign(container(object), { resources: { limits: { cpu: '501m', memory: '1Gi' } } }),
    ['/spec/template/spec/containers/0/resources/limits/cpu'],
  ],
  [
    'a label changed',
    (object) => Object.assign(object.metadata?.labels ?? {}, { app: 'x' }),
    ['/metadata/labels/app'],
  ],
  ['all labels gone', (object) => delete object.metadata?.labels, ['/metadata/labels/app']],
  ['a label added by others', (object) => Object.assign(object.metadata?.labels ?? {}, { more: 'x' }), []],
  ['another status', (object) => Object.assign(object, { status: { replicas: 9 } }), []],
])('drift by %s', (_, change, paths) => {
  expect(changed(change)).toEqual(paths);
});

test('a Secret is compared by its encoded data', () => {
  const data = (text: string) => ({ ...keys.object, stringData: undefined, data: { a: btoa(text) } });
  expect(compare(keys.object, data('plain'))).toEqual([]);
  expect(compare(keys.object, data('other'))).toMatchObject([{ path: '/data/a' }]);
});

test.each<[IgnoreRule, number]>([
  [{ paths: ['/spec/replicas'] }, 0],
  [{ paths: ['/spec'] }, 0],
  [{ paths: ['/spec/repl'] }, 1],
  [{ paths: ['/spec/replicas'], target: { kind: 'Deployment', name: 'web', group: 'apps' } }, 0],
  [{ paths: ['/spec/replicas'], target: { kind: 'StatefulSet' } }, 1],
  [{ paths: ['/spec/replicas'], target: { name: 'other' } }, 1],
])('the rule %j leaves %d differences', (rule, left) => {
  const scaled = { ...live(), spec: { ...spec(live()), replicas: 7 } };
  expect(counted(compare(web.object, scaled), web, scaled, { rules: [rule], release: [web] })).toHaveLength(
    left,
  );
});

const autoscaler = releasedObjects(`
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: web }
spec: { scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web } }
`);
const byController = (manager: string, subresource?: string) => ({
  metadata: {
    managedFields: [
      {
        manager,
        operation: 'Update',
        ...(subresource ? { subresource } : {}),
        fieldsV1: { 'f:spec': { 'f:replicas': {} } },
      },
    ],
  },
});

test.each([
  ['an autoscaler of the release', live(), autoscaler, ['/spec/replicas']],
  ['an autoscaler of others', byController('kube-controller-manager', 'scale'), [], ['/spec/replicas']],
  ['kubectl scale', byController('kubectl', 'scale'), [], []],
  ['a controller that writes elsewhere', byController('kube-controller-manager'), [], []],
])('the size set by %s', (_, object, release, expected) => {
  expect(ignoredPaths(web, object, { rules: [], release: [web, ...release] })).toEqual(expected);
});

test('correcting leaves an ignored field at its live value', () => {
  const scaled = { ...live(), spec: { ...spec(live()), replicas: 7 } };
  const kept = keepingIgnored(web.object, scaled, ['/spec/replicas', '/spec/none', '/nowhere/at/all']);
  expect(kept.spec).toMatchObject({ replicas: 7 });
  expect((web.object.spec as { replicas: number }).replicas).toBe(2);
});

const pods = (containers: object[]) => ({ kind: 'Pod', spec: { containers } }) as unknown as AnyObject;
const side = { name: 'side', image: 'side:9' };

test.each<[string, object[], object[], string[], object[]]>([
  [
    'of the item of its name, wherever that stands in the live list',
    [{ name: 'app', image: 'app:1' }],
    [side, { name: 'app', image: 'app:2' }],
    ['/spec/containers/0/image'],
    [{ name: 'app', image: 'app:2' }],
  ],
  [
    'as a whole',
    [{ name: 'app', image: 'app:1' }],
    [side, { name: 'app', image: 'app:2', tty: true }],
    ['/spec/containers/0'],
    [{ name: 'app', image: 'app:2', tty: true }],
  ],
  [
    'as no value, where there is none',
    [{ name: 'app', image: 'app:1', tty: true }],
    [side, { name: 'app', image: 'app:2' }],
    ['/spec/containers/0/tty'],
    [{ name: 'app', image: 'app:1' }],
  ],
  [
    'as asked for, where its item is gone',
    [{ name: 'app', image: 'app:1' }],
    [side],
    ['/spec/containers/0/image'],
    [{ name: 'app', image: 'app:1' }],
  ],
  [
    'of two items that are gone, without taking out another',
    [{ name: 'a' }, { name: 'b' }, { name: 'c' }],
    [{ name: 'c' }],
    ['/spec/containers/0', '/spec/containers/1'],
    [{ name: 'c' }],
  ],
  [
    'by its place, where items have no names',
    [{ image: 'a:1' }, { image: 'b:1' }],
    [{ image: 'a:2' }, { image: 'b:2' }],
    ['/spec/containers/1/image'],
    [{ image: 'a:1' }, { image: 'b:2' }],
  ],
])('an ignored field of a list keeps its live value %s', (_, wanted, found, paths, kept) => {
  expect(keepingIgnored(pods(wanted), pods(found), paths).spec).toEqual({ containers: kept });
});
