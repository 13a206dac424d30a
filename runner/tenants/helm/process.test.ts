import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { installRelease, uninstallRelease } from './commands.ts';
import { callHelm } from './process.ts';

const folder = mkdtempSync(join(tmpdir(), 'helm-process-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A stand-in for the CLI that writes down what it was given. */
function program(name: string, script: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

const seen = join(folder, 'seen');
const recorder = program(
  'recorder',
  `echo "$@" > ${seen}; echo "$HOME" >> ${seen}; echo "$HELM_CACHE_HOME" >> ${seen}
for word in "$@"; do case "$word" in */kubeconfig|*/values.yaml) stat -c %a "$word" >> ${seen}; cat "$word" >> ${seen};; esac; done`,
);
const at = { release: 'r', workspace: 'w', kubeconfig: 'token: TOP-SECRET\n' };
const never = new AbortController().signal;
const rollout = {
  ...at,
  chart: '/charts/a.tgz',
  values: { password: 'HIDDEN' },
  fingerprint: 'f'.repeat(64),
  chartDigest: `sha256:${'d'.repeat(64)}`,
  tenant: 'u1',
  timeoutMs: 20_000,
};

test('secrets are in files of one home that only the operator can read, never on the command line', async () => {
  await installRelease(rollout, { binary: recorder, signal: never });
  const [line = '', home = '', cache = '', ...files] = readFileSync(seen, 'utf8').split('\n');
  expect(line).toMatch(/^install r \/charts\/a\.tgz --wait --timeout 20s .*--namespace w/);
  expect(line).not.toMatch(/SECRET|HIDDEN/);
  expect(cache.startsWith(home)).toBe(true);
  expect(files.filter((text) => text === '600')).toHaveLength(2);
  expect(files.join(' ')).toContain('TOP-SECRET');
  expect(files.join(' ')).toContain('{"password":"HIDDEN"}');
  expect(() => statSync(home)).toThrow('ENOENT');
});

test('fingerprint, digest and Tenant are written by Helm together with the release, as far as a label can hold them', async () => {
  await installRelease(rollout, { binary: recorder, signal: never });
  expect(readFileSync(seen, 'utf8')).toContain(
    `--labels mesh.openkcm.io/fingerprint=${'f'.repeat(40)},mesh.openkcm.io/chart-digest=${'d'.repeat(40)},mesh.openkcm.io/tenant=u1`,
  );
});

test("a failure is Helm's own last word, without what it logs", async () => {
  const binary = program(
    'failing',
    'echo "level=WARN x" >&2; echo "Error: INSTALL FAILED: no such thing" >&2; exit 1',
  );
  const calls: string[] = [];
  const failing = installRelease(rollout, {
    binary,
    signal: never,
    onCall: (verb, outcome) => calls.push(`${verb} ${outcome}`),
  });
  await expect(failing).rejects.toMatchObject({
    code: 'CHR_HELM',
    message: 'helm install r: INSTALL FAILED: no such thing',
  });
  expect(calls).toEqual(['install failed']);
});

test('an abort ends Helm, and what is thrown is the abort', async () => {
  const stop = new AbortController();
  const started = join(folder, 'started');
  const binary = program('endless', `trap 'exit 7' TERM; touch ${started}; while true; do sleep 0.05; done`);
  const running = uninstallRelease(
    { ...at, timeoutMs: 1000, hooks: 'skip' },
    { binary, signal: stop.signal },
  );
  await expect
    .poll(() => statSync(started, { throwIfNoEntry: false })?.isFile(), { timeout: 8000 })
    .toBe(true);
  stop.abort(new Error('stopped'));
  await expect(running).rejects.toThrow('stopped');
});

test('a deadline of more days than a timer can count is no deadline at once', async () => {
  const binary = program('brief', 'exec sleep 0.3');
  const deadlineMs = 60 * 24 * 3_600_000;
  const result = await callHelm({ binary, args: [], kubeconfig: '', signal: never, deadlineMs });
  expect(result).toMatchObject({ code: 0, ended: 'by itself' });
});

test('one that does not end is ended at its deadline', async () => {
  const binary = program('slow', 'exec sleep 60');
  const result = await callHelm({ binary, args: [], kubeconfig: '', signal: never, deadlineMs: 50 });
  expect(result.ended).toBe('deadline');
});

test('what Helm has started and left behind, its output open, holds nobody up', async () => {
  const left = join(folder, 'left');
  const binary = program('leaving', `sleep 600 & echo $! > ${left}; echo said; exec sleep 600`);
  const result = await callHelm({ binary, args: [], kubeconfig: '', signal: never, deadlineMs: 300 });
  process.kill(Number(readFileSync(left, 'utf8')));
  expect(result).toMatchObject({ ended: 'deadline', stdout: 'said\n' });
});
