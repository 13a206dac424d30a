// What becomes of a cluster whose making fails, with stand-ins for kind and docker that know the nodes of a file.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { type StandIns, standIns } from '../../fixtures/testing/stand-ins.ts';
import type { Cluster } from './declaration.ts';

/** It fails as kind does: nodes that it is not told to retain are gone. `$KNOWN/kind` tells how: `early` is before it made a node. */
const kind = `
how=$(cat "$KNOWN/kind")
case "$*" in
  delete*) [ "$how" != stuck ] || [ ! -s "$KNOWN/nodes" ] || exit 1; : >"$KNOWN/nodes" ;;
  create*)
    [ "$how" = well ] && exit
    case "$how $*" in early*) ;; *--retain*) printf '%s\\n' charter-home-control-plane charter-home-worker >"$KNOWN/nodes" ;; esac
    echo 'could not init node' >&2; exit 1 ;;
esac`;

/** The worker is stopped: it has a log, and nothing can be asked in it. */
const docker = `
for last; do :; done
case "$*" in
  ps*label=io.x-k8s.kind.cluster=charter-home*) cat "$KNOWN/nodes" ;;
  logs*) grep -qx "$last" "$KNOWN/nodes" && echo "$last did not boot, password: s3cret" ;;
  'exec charter-home-worker '*) echo 'container is not running' >&2; exit 1 ;;
  exec*journalctl*kubelet*containerd*) grep -qx "$2" "$KNOWN/nodes" && echo 'kubelet: no such cgroup' ;;
esac`;

let create: typeof import('./create.ts').create;
let cache: string;
beforeAll(async () => {
  cache = mkdtempSync(join(tmpdir(), 'charter-cache-'));
  // Read once, and a policy of the API server is written there.
  vi.stubEnv('XDG_CACHE_HOME', cache);
  ({ create } = await import('./create.ts'));
});
afterAll(() => rmSync(cache, { recursive: true }));

let there: StandIns;
let folder: string;
beforeEach(() => {
  there = standIns({ kind, docker });
  folder = join(there.known, 'failures');
  writeFileSync(nodesFile(), '');
  vi.stubEnv('TMPDIR', there.known);
});
afterEach(() => {
  vi.restoreAllMocks();
  there.remove();
});

const nodesFile = () => join(there.known, 'nodes');
const failures = (): string => {
  mkdirSync(folder);
  return folder;
};
const home: Cluster = { name: 'home', role: 'home', nodes: 2, labels: {} };

/** What people are told on the way. */
async function making(
  how: 'well' | 'early' | 'late' | 'stuck',
  into: () => string = failures,
): Promise<string> {
  writeFileSync(join(there.known, 'kind'), how);
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const made = create(home, { kind: 'kind', image: 'node:1', failures: into });
  if (how === 'well') await made;
  else await expect(made).rejects.toThrow(/^kind create cluster --name charter-home .*: exit code 1$/);
  return said.mock.calls.join('');
}

test('the nodes of a making that fails say why, and are gone then', async () => {
  expect(await making('late')).toBe(
    `what the nodes of cluster home said lies in ${folder}; they are removed\n`,
  );
  const text = (name: string) => readFileSync(join(folder, name), 'utf8');
  expect(text('node-charter-home-control-plane-services.txt')).toBe('kubelet: no such cgroup\n');
  expect(text('node-charter-home-worker-services.txt')).toBe('container is not running\n');
  for (const node of ['control-plane', 'worker'])
    expect(text(`node-charter-home-${node}-log.txt`)).toBe(
      `charter-home-${node} did not boot, password: <masked>\n`,
    );
  expect(readFileSync(nodesFile(), 'utf8')).toBe('');
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith('charter-kind-'))).toEqual([]);
});

test.each(['early', 'well'] as const)('a making that ends %s leaves no folder', async (how) => {
  expect(await making(how)).toBe('');
  expect(existsSync(folder)).toBe(false);
});

test('where nothing can be kept the nodes go all the same', async () => {
  const full = () => {
    throw new Error('the disk is full');
  };
  expect(await making('late', full)).toBe(
    'what the nodes of cluster home said could not be kept: the disk is full\n',
  );
  expect(readFileSync(nodesFile(), 'utf8')).toBe('');
});

test('nodes that do not go are told, after what the making failed of', async () => {
  expect(await making('stuck')).toContain(
    'nodes of cluster home may be left: make kind-down CLUSTERS=home\n',
  );
});
