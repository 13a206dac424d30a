// What Helm says of a release that it has rolled out is what it is taken for.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { installRelease } from './commands.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tenant-commands-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function installing(answer: string): Promise<number | undefined> {
  const binary = join(folder, 'helm');
  writeFileSync(binary, `#!/bin/sh\ncat <<'END'\n${answer}\nEND\n`, { mode: 0o755 });
  const at = { release: 'shop', workspace: 'w', kubeconfig: '{}', chart: '/c.tgz', values: {} };
  const labels = { fingerprint: 'f', chartDigest: 'sha256:d', tenant: 'u' };
  const { signal } = new AbortController();
  return installRelease({ ...at, ...labels, timeoutMs: 1_000 }, { binary, signal });
}

const release = (status: string) => JSON.stringify({ name: 'shop', info: { status }, version: 3 });

test('the revision is read from the JSON that Helm prints', async () => {
  expect(await installing(release('deployed'))).toBe(3);
});

test('a release that is not deployed has failed, whatever the exit code says', async () => {
  await expect(installing(release('pending-install'))).rejects.toMatchObject({
    code: 'CHR_HELM',
    message: 'helm install shop: it ended as pending-install',
  });
});

test('an answer that is longer than what is kept of it hinders nothing', async () => {
  expect(await installing(release('deployed').slice(0, 20))).toBeUndefined();
});
