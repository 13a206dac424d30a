import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { type Kubeconfig, parseKubeconfig } from './kubeconfig.ts';
import { refusedParts } from './parts.ts';
import { candidates, type SelfSources, selfKubeconfig } from './self-cluster.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

function kubeconfig(user: object, cluster: object = {}): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      { name: 'here', cluster: { server: 'https://here:6443', ...cluster } },
      { name: 'there', cluster: { server: 'https://there:6443' } },
    ],
    users: [
      { name: 'me', user },
      { name: 'other', user: { token: 'o' } },
    ],
    contexts: [
      { name: 'there', context: { cluster: 'there', user: 'other' } },
      { name: 'here', context: { cluster: 'here', user: 'me' } },
    ],
    'current-context': 'here',
  });
}

function sources(files: Record<string, string>, more: Partial<SelfSources> = {}): SelfSources {
  const readFile = (path: string) => {
    const text = files[path];
    return text === undefined ? undefined : Buffer.from(text);
  };
  return { env: { HOME: '/home' }, readFile, inCluster: undefined, ...more };
}

const made = (from: SelfSources) => {
  const self = selfKubeconfig(from);
  return { ...self, config: parse(self?.text ?? 'null') as Kubeconfig };
};

test('K14 of KUBECONFIG=a:b only a is tried, then the file below HOME', () => {
  expect(candidates({ KUBECONFIG: '/a:/b', HOME: '/home' })).toEqual(['/a', '/home/.kube/config']);
  const files = { '/b': kubeconfig({ token: 'b' }), '/home/.kube/config': kubeconfig({ token: 'home' }) };
  const { config } = made(sources(files, { env: { KUBECONFIG: '/a:/b', HOME: '/home' } }));
  expect(config.users[0]?.user.token).toBe('home');
});

test('K15 certificate, key and authority files become data', () => {
  const user = { 'client-certificate': '/pki/me.crt', 'client-key': 'me.key' };
  const { config, origin } = made(
    sources({
      '/home/.kube/config': kubeconfig(user, { 'certificate-authority': '/pki/ca.crt' }),
      '/pki/me.crt': 'CERT',
      '/home/.kube/me.key': 'KEY',
      '/pki/ca.crt': 'CA',
    }),
  );
  expect(origin).toBe('file');
  expect(config.users[0]?.user).toEqual({
    'client-certificate-data': base64('CERT'),
    'client-key-data': base64('KEY'),
  });
  expect(config.clusters[0]?.cluster['certificate-authority-data']).toBe(base64('CA'));
  expect(refusedParts(config, 'refuse')).toEqual([]);
});

test('K16 exactly one context, one cluster and one user are kept', () => {
  const { config } = made(sources({ '/home/.kube/config': kubeconfig({ token: 't' }) }));
  expect([config.contexts, config.clusters, config.users].map(({ length }) => length)).toEqual([1, 1, 1]);
  expect(config['current-context']).toBe('here');
});

test('K16 without a current-context the first by name is taken', () => {
  const text = kubeconfig({ token: 't' }).replace('current-context: here', 'current-context: ""');
  expect(made(sources({ '/home/.kube/config': text })).config['current-context']).toBe('here');
});

test('K17 a user with neither token nor certificate data falls back to the whole file', () => {
  const { config, origin, notes } = made(
    sources({ '/home/.kube/config': kubeconfig({ exec: { command: 'aws' } }) }),
  );
  expect(origin).toBe('whole file');
  expect(config.contexts).toHaveLength(2);
  expect(notes?.[0]).toMatch(/^\[self-kubeconfig\] fallback to full file kubeconfig/);
});

test('K18 without a file cluster, user and context are all named self', () => {
  const inCluster = { server: 'https://10.0.0.1:443', ca: 'CA' };
  const { config, origin } = made(sources({}, { inCluster }));
  expect(origin).toBe('process');
  expect([config.clusters[0]?.name, config.users[0]?.name, config.contexts[0]?.name]).toEqual(
    Array(3).fill('self'),
  );
  expect(config.clusters[0]?.cluster.server).toBe('https://10.0.0.1:443');
});

test('K19 the synthesized kubeconfig carries the authority and never turns verification off', () => {
  const { config } = made(sources({}, { inCluster: { server: 'https://x', ca: 'CA' } }));
  expect(config.clusters[0]?.cluster).toEqual({
    server: 'https://x',
    'certificate-authority-data': base64('CA'),
  });
  const bare = made(sources({}, { inCluster: { server: 'https://x', ca: undefined } }));
  expect(bare.config.clusters[0]?.cluster).toEqual({ server: 'https://x' });
});

test('K18 neither file nor Pod: nothing is made', () => {
  expect(selfKubeconfig(sources({}))).toBeUndefined();
});

test.each([
  [{ exec: { command: 'sh' } }, {}, ['user me has exec']],
  [{ 'auth-provider': { name: 'gcp' } }, {}, ['user me has auth-provider']],
  [{ tokenFile: '/etc/passwd' }, {}, ['user me has tokenFile']],
  [{ 'token-file': '/etc/passwd' }, {}, ['user me has token-file']],
  [
    { 'client-certificate': '/a', 'client-key': '/b' },
    {},
    ['user me has client-certificate', 'user me has client-key'],
  ],
  [{ token: 't' }, { 'certificate-authority': '/a' }, ['cluster here has certificate-authority']],
  [{ token: 't' }, { 'certificate-authority-data': 'QQ==' }, []],
])('a kubeconfig Secret with %j and %j is judged', (user, cluster, expected) => {
  const config = parseKubeconfig(kubeconfig(user, cluster));
  expect(config === undefined ? undefined : refusedParts(config, 'refuse')).toEqual(expected);
});

test.each([
  '',
  'nothing',
  '[]',
  'a: [',
  'clusters: []',
  'clusters: [{name: a}]\ncontexts: []\nusers: [null]',
  'clusters: [1]\ncontexts: []',
])('%j is no kubeconfig', (text) => {
  expect(parseKubeconfig(text)).toBeUndefined();
});
