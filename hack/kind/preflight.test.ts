// What the host check says about answers that a healthy machine does not give.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { declaredClusters } from './declaration.ts';
import type { Finding } from './finding.ts';
import { engineFinding, inotifyFinding, type PreflightWish, preflight, toolsFinding } from './preflight.ts';

const answered = (stdout: string) => ({ code: 0, stdout, stderr: '' });
const refused = (stderr: string) => ({ code: 1, stdout: '', stderr });

test.each([
  ['answers', answered('28.0.1 /var/lib/docker 2 runc'), { level: 'ok', seen: '28.0.1' }],
  [
    'is not running',
    refused('Cannot connect to the Docker daemon'),
    { level: 'problem', fix: 'start it, or as root: make engine' },
  ],
  ['is not ours', refused('permission denied: docker.sock'), { fix: 'add your user to the group docker' }],
  [
    'was cut off',
    { code: null, stdout: '', stderr: '' },
    { level: 'problem', seen: 'no answer within 0.9 s' },
  ],
])('an engine that %s', (_, end, expected) => {
  expect(engineFinding(end, 900)).toMatchObject(expected);
});

test.each([
  [
    'where the node image must be built',
    true,
    { level: 'problem', fix: /^the node image must be built; .* debootstrap jq$/ },
  ],
  ['where it need not be', false, { level: 'warning', fix: /^only needed where no image can be pulled; / }],
])('missing build tools %s come with the command that brings them', async (_, must, { level, fix }) => {
  const found = await toolsFinding(['debootstrap', 'jq'], async () => must);
  expect(found).toMatchObject({ level, seen: 'no debootstrap, no jq', fix: expect.stringMatching(fix) });
});

test('a build tool that no node image is made with is no problem, and nobody is asked', async () => {
  const never = () => Promise.reject(new Error('a registry was asked'));
  expect(await toolsFinding(['jq'], never)).toMatchObject({ level: 'warning' });
  expect(await toolsFinding([], never)).toMatchObject({ level: 'ok' });
});

test('more nodes need more inotify instances, and the fix says how many', () => {
  expect(inotifyFinding(128, 4)).toMatchObject({ level: 'ok' });
  expect(inotifyFinding(128, 6)).toMatchObject({ level: 'problem', fix: expect.stringMatching(/=512$/) });
  expect(inotifyFinding(512, 20)).toMatchObject({ level: 'problem', fix: expect.stringMatching(/=640$/) });
  expect(inotifyFinding(Number.NaN, 4)).toMatchObject({ level: 'ok' });
});

/** What the host check finds with this script as `docker`. */
async function withDocker(
  script: string,
  wish: PreflightWish,
): Promise<(name: string) => Finding | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'charter-preflight-'));
  writeFileSync(join(folder, 'docker'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, 'docker'), 0o755);
  vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
  try {
    const findings = await preflight(wish);
    return (name) => findings.find((finding) => finding.name === name);
  } finally {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  }
}

test('an engine that hangs costs no more than the time it is given, and nobody says that there are no clusters', async () => {
  const timeoutMs = 3_000;
  const start = performance.now();
  const found = await withDocker('exec sleep 60', { timeoutMs });
  expect(performance.now() - start).toBeLessThan(2 * timeoutMs);
  expect(found('Docker engine')).toMatchObject({ level: 'problem', seen: 'no answer within 3 s' });
  expect(found('clusters')).toMatchObject({
    level: 'warning',
    seen: 'not known: the engine does not answer',
  });
}, 20_000);

test('an engine without clusters is told as one', async () => {
  const found = await withDocker('true', { timeoutMs: 10_000 });
  expect(found('clusters')).toMatchObject({ level: 'ok', seen: 'none' });
}, 20_000);

test.each([
  ['those that are to be made', ['home'], 'true', 2],
  [
    'and those that run already, each once',
    ['home', 'remote-a'],
    "echo 'charter-home-worker running'; echo 'charter-dev-control-plane running'",
    4,
  ],
  ['but none that is stopped', ['home'], "echo 'charter-dev-control-plane exited'", 2],
])(
  'inotify is asked for the nodes of %s',
  async (_, names, script, nodes) => {
    const found = await withDocker(script, { clusters: declaredClusters(names), timeoutMs: 10_000 });
    expect(found('inotify')?.seen).toMatch(new RegExp(`for ${nodes} nodes$`));
  },
  20_000,
);
