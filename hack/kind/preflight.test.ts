// What the host check says about answers that a healthy machine does not give.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { engineFinding, goFinding, inotifyFinding, preflight, toolsFinding } from './preflight.ts';

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

test('Go must be new enough, and missing build tools come with the command that brings them', () => {
  expect(goFinding(answered('go version go1.26.1 linux/amd64'))).toMatchObject({
    level: 'ok',
    seen: 'go1.26.1',
  });
  expect(goFinding(answered('go version go1.19.8 linux/amd64'))).toMatchObject({
    level: 'warning',
    seen: 'go1.19.8',
  });
  expect(goFinding(refused('go: not found'))).toMatchObject({ level: 'warning', seen: 'none' });
  expect(toolsFinding(['jq'])).toMatchObject({
    level: 'warning',
    fix: expect.stringMatching(/install .* jq$/),
  });
});

test('more nodes need more inotify instances, and the fix says how many', () => {
  expect(inotifyFinding(128, 4)).toMatchObject({ level: 'ok' });
  expect(inotifyFinding(128, 6)).toMatchObject({ level: 'problem', fix: expect.stringMatching(/=512$/) });
  expect(inotifyFinding(512, 20)).toMatchObject({ level: 'problem', fix: expect.stringMatching(/=640$/) });
  expect(inotifyFinding(Number.NaN, 4)).toMatchObject({ level: 'ok' });
});

test('an engine that hangs costs no more than the time it is given', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'charter-preflight-'));
  writeFileSync(join(folder, 'docker'), '#!/bin/sh\nexec sleep 60\n');
  chmodSync(join(folder, 'docker'), 0o755);
  vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
  try {
    const [engine] = await preflight(200);
    expect(engine).toMatchObject({ level: 'problem', seen: 'no answer within 0.2 s' });
  } finally {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  }
}, 20_000);
