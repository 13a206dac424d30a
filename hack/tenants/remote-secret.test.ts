// The script as a process; in place of kubectl one that keeps what it was given, or refuses as an API server does.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { program } from './program.ts';

let state: string;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'charter-remote-secret-'));
  mkdirSync(join(state, 'bin'));
  kubectlIs('printf "%s\\n" "$@" > "$0.words"; cat > "$0.input"; echo applied');
});
afterEach(() => rmSync(state, { recursive: true }));

const kubectlIs = (script: string) =>
  writeFileSync(join(state, 'bin', 'kubectl'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
const given = (what: 'words' | 'input') => readFileSync(join(state, 'bin', `kubectl.${what}`), 'utf8');
const remote = (name: string) => {
  // The one of this machine must not be taken: no Pod reaches its address.
  writeFileSync(join(state, `${name}.kubeconfig`), 'of this machine');
  writeFileSync(join(state, `${name}.internal.kubeconfig`), `for Pods, of ${name}`);
};

test.each([
  ['remote-a in default, where nothing is said', [], 'remote-a', 'default'],
  ['another remote, elsewhere', ['remote-b', '--namespace', 'operators'], 'remote-b', 'operators'],
])('K58 the Secret that leads to %s', async (_, words, name, namespace) => {
  remote(name);
  expect(await program(state, 'remote-secret.ts', ...words)).toEqual({
    ...{ code: 0, stdout: 'applied\n', stderr: '' },
  });
  expect(given('words').trim().split('\n')).toEqual([
    ...['--kubeconfig', join(state, 'home.kubeconfig'), 'apply', '--server-side', '--filename', '-'],
  ]);
  const secret = JSON.parse(given('input'));
  expect(secret.metadata).toMatchObject({ name, namespace });
  expect(Buffer.from(secret.data.kubeconfig, 'base64').toString()).toBe(`for Pods, of ${name}`);
});

test('K58 without the remote cluster nothing is applied, and it says what makes one', async () => {
  const { code, stdout, stderr } = await program(state, 'remote-secret.ts', 'remote-b');
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toBe('there is no cluster remote-b: make kind-up CLUSTERS="home remote-b"\n');
  expect(existsSync(join(state, 'bin', 'kubectl.words'))).toBe(false);
});

test('K58 what the home cluster refuses is shown, and no success', async () => {
  remote('remote-a');
  kubectlIs('cat > "$0.input"; echo "Error from server (Forbidden): secrets is forbidden" >&2; exit 1');
  const { code, stdout, stderr } = await program(state, 'remote-secret.ts');
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain('exit code 1');
  expect(stderr).toContain('| Error from server (Forbidden): secrets is forbidden');
});

test('a flag that it does not know is refused', async () => {
  const { code, stderr } = await program(state, 'remote-secret.ts', '--cluster', 'remote-a');
  expect(code).toBe(1);
  expect(stderr).toMatch(/^Unknown option '--cluster'/);
});
