// Nothing but what is known comes through: Helm reads what we write by other rules than ours, and runs programs that a kubeconfig names.
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { accessOf } from './access.ts';
import type { Kubeconfig } from './kubeconfig.ts';

const safe = {
  cluster: [
    'server',
    'certificate-authority-data',
    'insecure-skip-tls-verify',
    'tls-server-name',
    'proxy-url',
    'disable-compression',
  ],
  user: ['token', 'client-certificate-data', 'client-key-data', 'username', 'password', 'as'],
  context: ['cluster', 'user', 'namespace'],
};
const evil = {
  exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'touch', args: ['/tmp/ran'] },
  tokenFile: '/etc/passwd',
  server: 'https://evil',
};
const places = ['cluster', 'user', 'context'] as const;
type Place = (typeof places)[number];

function kubeconfig(more: Partial<Record<Place, object>> = {}, top: object = {}): string {
  return stringify({
    clusters: [{ name: 'c', cluster: { server: 'https://here', ...more.cluster } }],
    users: [{ name: 'u', user: { token: 't', ...more.user } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u', ...more.context } }],
    'current-context': 'x',
    ...top,
  });
}

const keysOf = (text: string) => {
  const { clusters, users, contexts, ...top } = parse(text) as Kubeconfig;
  expect(Object.keys(top).toSorted()).toEqual(['apiVersion', 'current-context', 'kind']);
  for (const entry of [...clusters, ...users, ...contexts]) expect(Object.keys(entry)).toHaveLength(2);
  return {
    cluster: clusters.flatMap(({ cluster }) => Object.keys(cluster)),
    user: users.flatMap(({ user }) => Object.keys(user)),
    context: contexts.flatMap(({ context }) => Object.keys(context)),
  };
};

const unknown = [
  '<<',
  'Exec',
  'as-groups',
  'as-uid',
  'as-user-extra',
  'preferences',
  'toString',
  'tokenfile',
];
const paths = ['tokenFile', 'token-file', 'client-certificate', 'client-key', 'certificate-authority'];
const refused = places.flatMap((place) =>
  [...unknown, ...paths, 'exec', 'auth-provider'].map((key) => [place, key] as const),
);

test.each(refused)('a %s with %s is refused by name', (place, key) => {
  expect(() => accessOf(kubeconfig({ [place]: { [key]: evil } }), 'refuse')).toThrow(
    expect.objectContaining({
      code: 'CHR_KUBECONFIG',
      message: expect.stringContaining(`${place} ${place === 'context' ? 'x' : place[0]} has ${key},`),
    }),
  );
});

test.each(places.flatMap((place) => unknown.map((key) => [place, key] as const)))(
  'a %s with %s is refused also where programs are allowed',
  (place, key) => {
    expect(() => accessOf(kubeconfig({ [place]: { [key]: evil } }), 'allow')).toThrow(`has ${key},`);
  },
);

test.each([
  ['at the top', kubeconfig({}, { '<<': { users: [{ name: 'u', user: evil }] }, exec: evil })],
  ['of an entry', kubeconfig().replace('- name: u', '- <<: {user: {exec: {command: touch}}}\n    name: u')],
  ['notes of other tools', kubeconfig({ cluster: { extensions: [evil] }, user: { extensions: [evil] } })],
  ['what RKE writes', kubeconfig({ cluster: { 'api-version': 'v1' } })],
  ['empty lists and maps', kubeconfig({ user: { 'as-groups': [], 'as-user-extra': {} } })],
  ['empty fields', kubeconfig({ user: { exec: null, 'client-key': '', toString: null } })],
])('what is written has nothing beyond the list: %s', (_, text) => {
  const access = accessOf(text, 'refuse');
  for (const written of [access.forClient(), access.forHelm('someone')]) {
    const { cluster, user, context } = keysOf(written);
    expect(safe.cluster).toEqual(expect.arrayContaining(cluster));
    expect(safe.user).toEqual(expect.arrayContaining(user));
    expect(safe.context).toEqual(expect.arrayContaining(context));
    expect(written).not.toMatch(/<<|touch|passwd|evil/);
  }
});

test.each([
  ['an anchor that is merged', 'x: &a {exec: {command: touch}}', '<<: *a'],
  ['a merge by its tag', '', '!!merge <<: {exec: {command: touch}}'],
  ['a program by an alias', 'x: &a {command: touch}', 'exec: *a'],
  ['a key by an alias', 'x: &a exec', '*a : {command: touch}'],
  ['a key that is a map', '', '? {exec: 1}\n      : {command: touch}'],
  ['the prototype', '', '__proto__: {exec: {command: touch}}'],
])('%s is refused', (_, top, field) => {
  const text = `${top}\n${kubeconfig()}`.replace(/token: t/, field);
  expect(() => accessOf(text, 'refuse')).toThrow(/does not follow|no current context/);
});

test.each([
  ['user', 'token', { exec: 1 }, 'string'],
  ['user', 'token', 5, 'string'],
  ['cluster', 'insecure-skip-tls-verify', 'true', 'boolean'],
])('a %s whose %s is %j is refused', (place, key, value, shape) => {
  expect(() => accessOf(kubeconfig({ [place]: { [key]: value } }), 'refuse')).toThrow(
    `has ${key} that is no ${shape}`,
  );
});

test('a token that stands where a key should be is not told', () => {
  expect(() => accessOf(kubeconfig({ user: { 'abcdef.0123456789abcdef': 'x' } }), 'refuse')).toThrow(
    'user u has a key that no kubeconfig has',
  );
});

test('all that is known comes through as it was', () => {
  const cluster = {
    ...{ server: 'https://here', 'certificate-authority-data': 'QQ==', 'insecure-skip-tls-verify': false },
    ...{ 'tls-server-name': 'n', 'proxy-url': 'http://p', 'disable-compression': true },
  };
  const user = {
    ...{ token: 'yes', 'client-certificate-data': 'QQ==', 'client-key-data': 'QQ==' },
    ...{ username: 'n', password: '1_000', as: 'someone' },
  };
  const written = accessOf(kubeconfig({ cluster, user }), 'refuse').forClient();
  expect(parse(written, { version: '1.1' })).toMatchObject({ clusters: [{ cluster }], users: [{ user }] });
});

test('programs and paths come through where they are allowed', () => {
  const user = { exec: evil.exec, tokenFile: '/token' };
  const cluster = { 'certificate-authority': '/ca' };
  const written = accessOf(kubeconfig({ user, cluster }), 'allow').forHelm('someone');
  expect(parse(written)).toMatchObject({ clusters: [{ cluster }], users: [{ user }] });
});
