// What the host check says of Go on hosts that have none: each a PATH and a cache of its own.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Finding } from './finding.ts';
import { inputsOf, modules } from './tools.ts';

let host: string;
beforeEach(() => {
  host = mkdtempSync(join(tmpdir(), 'charter-host-'));
  mkdirSync(join(host, 'bin'));
  for (const name of ['bash', 'sh']) {
    const { stdout } = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' });
    symlinkSync(stdout.trim(), join(host, 'bin', name));
  }
});
afterEach(() => rmSync(host, { recursive: true }));

function install(name: string, script: string): void {
  writeFileSync(join(host, 'bin', name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(host, 'bin', name), 0o755);
}

const helm = () => install('helm', 'echo v4.3.1+g0123456');
const kind = (version: string) => install('kind', `echo 'kind v${version} go1.26.0 linux/amd64'`);

/** `image`: where the node image is; a registry that has it never comes to an end with it. */
function docker(image: 'at hand' | 'in a registry' | 'nowhere'): void {
  const pull = image === 'in a registry' ? 'echo Pulling; exec sleep 60' : 'exit 1';
  const inspect = image === 'at hand' ? 'exit 0' : 'exit 1';
  install('docker', `case "$1" in image) ${inspect} ;; pull) ${pull} ;; esac`);
}

function finding(name: string): Finding | undefined {
  const preflight = JSON.stringify(pathToFileURL(join(import.meta.dirname, 'preflight.ts')));
  const script = `import { preflight } from ${preflight};
    console.log(JSON.stringify(await preflight({ timeoutMs: 30_000 })));`;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--no-warnings', '--input-type=module', '-e', script],
    {
      encoding: 'utf8',
      env: { PATH: join(host, 'bin'), HOME: host, XDG_CACHE_HOME: join(host, 'cache') },
    },
  );
  expect(stderr).toBe('');
  return (JSON.parse(stdout) as readonly Finding[]).find((one) => one.name === name);
}

test('nothing is at hand', () => {
  docker('nowhere');
  expect(finding('Go')).toMatchObject({
    level: 'problem',
    seen: 'none, and not at hand: kind 0.33, helm 4.3, the node image',
    fix: 'install Go 1.26.0 or newer: it builds what is missing',
  });
});

test('all is at hand', () => {
  helm();
  kind('0.33.0');
  docker('at hand');
  expect(finding('Go')).toMatchObject({ level: 'warning', seen: 'none' });
});

test('kind was built before', () => {
  helm();
  docker('at hand');
  mkdirSync(join(host, 'cache', 'charter-runner', 'bin', `kind-${inputsOf(modules.kind)}`), {
    recursive: true,
  });
  expect(finding('Go')).toMatchObject({ level: 'warning' });
});

test('a kind is installed that is not the pinned one', () => {
  helm();
  kind('0.30.0');
  docker('at hand');
  expect(finding('Go')).toMatchObject({ level: 'problem', seen: 'none, and not at hand: kind 0.33' });
});

test('a registry has the node image, and it is not pulled for the question', () => {
  helm();
  kind('0.33.0');
  docker('in a registry');
  expect(finding('Go')).toMatchObject({ level: 'warning' });
});

test('nobody has the node image, and what it is built with is missing', () => {
  helm();
  kind('0.33.0');
  docker('nowhere');
  expect(finding('Go')).toMatchObject({ level: 'problem', seen: 'none, and not at hand: the node image' });
  expect(finding('build tools')).toMatchObject({
    level: 'problem',
    seen: expect.stringContaining('debootstrap'),
  });
});

test('an engine that does not answer tells nothing of images', () => {
  helm();
  kind('0.33.0');
  install('docker', 'echo "Cannot connect to the Docker daemon" >&2; exit 1');
  expect(finding('Go')).toMatchObject({ level: 'warning' });
  expect(finding('Docker engine')).toMatchObject({ level: 'problem' });
});
