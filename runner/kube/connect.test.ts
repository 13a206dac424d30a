// Which cluster is meant, in kubectl's order, and what is said when there is none. No line of a kubeconfig is ever quoted.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { loadKubeConfig, type Surroundings } from './connect.ts';

const folder = mkdtempSync(join(tmpdir(), 'charter-connect-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | object): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const config = (name: string, more = {}) => ({
  'current-context': name,
  clusters: [{ name, cluster: { server: `https://${name}:6443` } }],
  users: [{ name, user: { token: 'very-secret' } }],
  contexts: [{ name, context: { cluster: name, user: name } }],
  ...more,
});

const nowhere: Surroundings = {
  env: {},
  home: join(folder, 'no-home'),
  serviceAccount: join(folder, 'no-account'),
};
const server = (...args: Parameters<typeof loadKubeConfig>) =>
  loadKubeConfig(...args).getCurrentCluster()?.server;

const a = file('a', config('a'));
const b = file('b', config('b'));

describe('where it is found', () => {
  test('the file that is given wins over KUBECONFIG', () => {
    expect(server({ kubeconfig: a }, { ...nowhere, env: { KUBECONFIG: b } })).toBe('https://a:6443');
  });

  test('KUBECONFIG, also of several files; the first says which context', () => {
    const surroundings = { ...nowhere, env: { KUBECONFIG: `${b}:${join(folder, 'absent')}:${a}` } };
    expect(server({}, surroundings)).toBe('https://b:6443');
    expect(server({ context: 'a' }, surroundings)).toBe('https://a:6443');
  });

  test('the ServiceAccount of the Pod', () => {
    file('token', 'pod-token');
    file('ca.crt', 'pod-ca');
    const env = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' };
    const inPod = { ...nowhere, serviceAccount: folder, env };
    expect(server({}, inPod)).toBe('https://[fd00::1]:443');
    expect(server({ kubeconfig: a }, inPod)).toBe('https://a:6443');
  });
});

describe('what is said when there is none', () => {
  const secret = 'token: very-secret: [';
  test.each<[string, Parameters<typeof loadKubeConfig>[0], RegExp]>([
    ['nothing anywhere', {}, /no kubeconfig was given or found/],
    ['a file that is not there', { kubeconfig: join(folder, 'absent') }, /absent cannot be read \(ENOENT\)/],
    ['no YAML', { kubeconfig: file('broken', secret) }, /broken is no kubeconfig/],
    ['another context', { kubeconfig: a, context: 'z' }, /has no context 'z'/],
    [
      'no current context',
      { kubeconfig: file('none', config('a', { 'current-context': '' })) },
      /no current context/,
    ],
    [
      'a current context that is not in it',
      { kubeconfig: file('gone', config('a', { 'current-context': 'q' })) },
      /'q' is not in it/,
    ],
    [
      'a context of another cluster',
      { kubeconfig: file('other', config('a', { clusters: [] })) },
      /names the cluster 'a', which is not in it/,
    ],
    [
      'a context of another user',
      { kubeconfig: file('user', config('a', { users: [] })) },
      /names the user 'a', which is not in it/,
    ],
  ])('%s', (_, address, message) => {
    const failing = () => loadKubeConfig(address, nowhere);
    expect(failing).toThrow(
      expect.objectContaining({ code: 'CHR_KUBECONFIG', message: expect.stringMatching(message) }),
    );
    expect(failing).not.toThrow(/very-secret/);
  });

  test('the contexts that there are', () => {
    expect(() => loadKubeConfig({ kubeconfig: a, context: 'z' }, nowhere)).toThrow(
      expect.objectContaining({ hint: 'It has: a.' }),
    );
  });
});
