// What a sweep takes and what it leaves, with a stand-in for docker that knows the containers of a file.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { orphans } from './processes.ts';
import { endOrphans, sweepBuilds } from './sweep.ts';
import { inTheMaking, sweepClusters } from './sweep-clusters.ts';
import { mountsBelow, temporaryFolder, temporaryFolderAt } from './temporary.ts';

interface Container {
  /** Also its id. */
  readonly name: string;
  /** As kind calls it. */
  readonly cluster?: string;
  readonly label?: string;
  /** A node that runs has the file that tells a whole cluster, or lacks it; in one that is stopped nothing can be asked. */
  readonly state?: 'whole' | 'half-made' | 'stopped';
}

/** Of a file with one line for each container: name, cluster, label, state. */
const standIn = `#!/bin/sh
case "$*" in
  exec*) grep -q "^$2 .* whole$" "$CONTAINERS" ;;
  ps*io.x-k8s.kind.cluster*) awk '$2 != "-" { print $1, $2, $1 }' "$CONTAINERS" ;;
  ps*=build*) awk '$3 == "build" { print $1 }' "$CONTAINERS" ;;
  rm*) for id; do sed -i "/^$id /d" "$CONTAINERS"; done ;;
esac
`;

let folder: string;
let containers: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'charter-sweep-'));
  containers = join(folder, 'containers');
  mkdirSync(join(folder, 'bin'));
  mkdirSync(join(folder, 'tmp'));
  writeFileSync(join(folder, 'bin', 'docker'), standIn);
  chmodSync(join(folder, 'bin', 'docker'), 0o755);
  vi.stubEnv('PATH', `${join(folder, 'bin')}:${process.env.PATH}`);
  vi.stubEnv('CONTAINERS', containers);
  vi.stubEnv('TMPDIR', join(folder, 'tmp'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const living = process.pid;
const dead = spawnSync(process.execPath, ['-e', '']).pid;

function there(...some: readonly Container[]): void {
  const lines = some.map(({ name, cluster, label, state }) =>
    [name, cluster ?? '-', label ?? '-', state ?? '-'].join(' '),
  );
  writeFileSync(containers, lines.map((line) => `${line}\n`).join(''));
}

const left = (): readonly string[] =>
  readFileSync(containers, 'utf8')
    .split('\n')
    .flatMap((line) => line.split(' ', 1).filter(Boolean));

const node = (cluster: string, state: Container['state'], role = 'control-plane'): Container => ({
  ...{ name: `${cluster}-${role}`, cluster },
  ...(state === undefined ? {} : { state }),
});

/** The folder of a harness, as it leaves it when it is killed. */
function folderOf(purpose: string, pid: number): string {
  const path = join(folder, 'tmp', `charter-kind-${purpose}-${pid}-AbCdEf`);
  mkdirSync(path);
  return path;
}

const sweepDead = () => sweepClusters(inTheMaking('dead'));

test('of a killed creation all nodes go, whatever digits its name has', async () => {
  folderOf('up-home', dead);
  folderOf('up-remote-1', dead);
  there(
    node('charter-home', 'half-made'),
    node('charter-home', 'half-made', 'worker'),
    node('charter-remote-1', 'half-made'),
  );
  expect(await sweepDead()).toEqual([
    'container charter-home-control-plane of cluster charter-home',
    'container charter-home-worker of cluster charter-home',
    'container charter-remote-1-control-plane of cluster charter-remote-1',
  ]);
  expect(left()).toEqual([]);
});

test.each<[string, Container]>([
  ["somebody's own cluster, though it is called as ours are", node('charter-dev', 'half-made')],
  ['a whole cluster that is stopped', node('charter-home', 'stopped')],
  ['a whole cluster whose harness was killed at its last step', node('charter-remote-a', 'whole')],
])('%s stays beside one that is half-made', async (_, other) => {
  folderOf('up-remote-a', dead);
  folderOf('up-remote-b', dead);
  there(other, node('charter-remote-b', 'half-made'));
  await sweepDead();
  expect(left()).toEqual([other.name]);
});

test.each(['remote-1', 'a1', 'home'])('a cluster %s that a living harness makes stays', async (name) => {
  folderOf(`up-${name}`, living);
  there(node(`charter-${name}`, 'half-made'));
  await sweepDead();
  expect(left()).toHaveLength(1);
  expect(inTheMaking('living')).toEqual(new Set([name]));
});

test('a cluster that was left, and is made again by a living harness while the sweep goes on, stays', async () => {
  folderOf('up-home', dead);
  const unfinished = inTheMaking('dead');
  folderOf('up-home', living);
  there(node('charter-home', 'half-made'));
  expect(await sweepClusters(unfinished)).toEqual([]);
  expect(left()).toHaveLength(1);
});

test('a node that the engine makes after its folder has gone is found in a later round', async () => {
  const path = folderOf('up-home', dead);
  const unfinished = inTheMaking('dead');
  there();
  expect(await sweepClusters(unfinished)).toEqual([]);
  rmSync(path, { recursive: true });
  there(node('charter-home', 'half-made'));
  await sweepClusters(unfinished);
  expect(left()).toEqual([]);
});

test('who makes a cluster anew answers for it: what the dead one left is no mark any more', async () => {
  const old = folderOf('up-home', dead);
  const others = [folderOf('up-home-2', dead), folderOf('up-home', living)];
  const own = temporaryFolder('up-home');
  expect(existsSync(old)).toBe(false);
  expect(others.every(existsSync)).toBe(true);
  rmSync(own, { recursive: true });
  there(node('charter-home', 'stopped'));
  await sweepDead();
  expect(left()).toHaveLength(1);
});

test.each<[string, number, readonly string[], boolean]>([
  ['whose harness is dead', dead, ['sleep', '60'], true],
  ['whose harness lives', living, ['sleep', '60'], false],
  ['that only removes something', dead, ['tail', '-f', '/dev/null', 'rm'], false],
  ['that is a harness itself', dead, [process.execPath, '-e', 'setTimeout(() => {}, 60_000)'], false],
])('a command %s', async (_, harness, [program = '', ...words], isOrphan) => {
  const child = spawn(program, words, { env: { ...process.env, CHARTER_HARNESS_PID: `${harness}` } });
  const ended = once(child, 'exit');
  await once(child, 'spawn');
  const found = orphans().filter(({ pid }) => pid === child.pid);
  expect(found).toHaveLength(isOrphan ? 1 : 0);
  if (isOrphan) expect(endOrphans(found)).toEqual([`process ${child.pid} (sleep 60)`]);
  else child.kill('SIGKILL');
  expect(await ended).toEqual([null, 'SIGKILL']);
});

test('what is mounted in a folder is let go of before its files are removed, the innermost first', () => {
  const mounts = ['/', '/proc', '/tmp/one/proc', '/tmp/one/proc/sys', '/tmp/one-more/proc'];
  const lines = mounts.map((at) => `proc ${at} proc rw,relatime 0 0\n`).join('');
  expect(mountsBelow('/tmp/one', lines)).toEqual(['/tmp/one/proc/sys', '/tmp/one/proc']);
});

test.each(['node-image', 'kubectl'])(
  'the container of a living %s stays, that of a dead one goes',
  async (work) => {
    const path = folderOf(work, living);
    there({ name: 'baking', label: 'build' });
    expect(await sweepBuilds()).toEqual([]);
    expect(left()).toEqual(['baking']);
    rmSync(path, { recursive: true });
    folderOf(work, dead);
    expect(await sweepBuilds()).toEqual(['container baking']);
    expect(left()).toEqual([]);
  },
);

test.each([
  ['charter-kind-up-remote-1-4711-AbCdEf', 'up-remote-1'],
  ['charter-kind-up-a1-4711-123456', 'up-a1'],
  ['charter-kind-node-image-4711-1a2b3c', 'node-image'],
])('%s was made for %s by process 4711', (name, purpose) => {
  vi.stubEnv('TMPDIR', '/nowhere');
  expect(temporaryFolderAt(`/nowhere/${name}`)?.purpose).toBe(purpose);
});

test('a folder of somebody else is none of the harness', () => {
  for (const name of ['charter-kind-notes', 'charter-kind-4711-AbCdEf', 'charter-tests-4711-AbCdEf'])
    expect(temporaryFolderAt(name)).toBeUndefined();
});
