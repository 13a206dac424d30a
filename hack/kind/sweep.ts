// Finds and removes what a killed harness left: half-made clusters, build containers, networks without containers, temp folders.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { attempt, run } from './command.ts';
import { cacheFolder, label } from './paths.ts';
import { temporaryPattern } from './temporary.ts';
import { readyFile } from './up.ts';

const kindLabel = 'io.x-k8s.kind.cluster';

/** One line for each thing removed. Clusters that are whole stay, and so does what a living harness works on. */
export async function sweep(): Promise<readonly string[]> {
  const swept: string[] = [];
  for (let round = 1; round <= 5; round += 1) {
    const found = await sweepOnce();
    if (found.length === 0) break;
    swept.push(...found);
    // The engine may still carry out what a client that is dead now has asked of it.
    await sleep(1_500);
  }
  return swept;
}

async function sweepOnce(): Promise<readonly string[]> {
  const folders = sweepFolders();
  const creators = sweepCreators();
  const clusters = await sweepClusters();
  const builds = await removed(
    'container',
    await listed(['ps', '-a', '-q', '--filter', `label=${label}=build`]),
  );
  return [
    ...folders,
    ...creators,
    ...clusters,
    ...builds,
    ...(await sweepNetworks()),
    ...(await sweepImages()),
  ];
}

const isAlive = (pid: number): boolean => existsSync(`/proc/${pid}`);

function sweepFolders(): readonly string[] {
  const swept: string[] = [];
  const bin = join(cacheFolder, 'bin');
  const candidates = [
    ...names(tmpdir()).map((name) => [tmpdir(), name, temporaryPattern.exec(name)?.[1]] as const),
    ...names(bin).map((name) => [bin, name, /\.(\d+)$/.exec(name)?.[1]] as const),
  ];
  for (const [folder, name, pid] of candidates) {
    if (pid === undefined || isAlive(Number(pid))) continue;
    rmSync(join(folder, name), { recursive: true, force: true });
    swept.push(`temp folder ${name}`);
  }
  return swept;
}

/** Clusters that a living harness creates now. */
const inTheMaking = (): ReadonlySet<string> =>
  new Set(names(tmpdir()).flatMap((name) => /^charter-kind-up-(.+)-\d+-/.exec(name)?.[1] ?? []));

/** A kind whose harness was killed would go on creating. */
function sweepCreators(): readonly string[] {
  const making = inTheMaking();
  return names('/proc').flatMap((pid) => {
    const words = commandLine(pid);
    const name = /^charter-(.+)/.exec(words[words.indexOf('--name') + 1] ?? '')?.[1];
    if (!words[0]?.endsWith('kind') || !words.includes('create') || name === undefined || making.has(name))
      return [];
    process.kill(Number(pid), 'SIGKILL');
    return [`process ${pid} (kind create cluster charter-${name})`];
  });
}

async function sweepClusters(): Promise<readonly string[]> {
  const format = `{{.ID}} {{.Label "${kindLabel}"}} {{.Names}}`;
  const rows = await listed(['ps', '-a', '--filter', `label=${kindLabel}`, '--format', format]);
  const ours = rows.map((row) => row.split(' ')).filter(([, cluster]) => cluster?.startsWith('charter-'));
  const making = inTheMaking();
  const whole = new Set<string>();
  for (const cluster of new Set(ours.map(([, name = '']) => name))) {
    const ready = await attempt(['docker', 'exec', `${cluster}-control-plane`, 'test', '-e', readyFile]);
    if (ready.code === 0 || making.has(cluster.slice('charter-'.length))) whole.add(cluster);
  }
  const left = ours.filter(([, cluster = '']) => !whole.has(cluster));
  await removed(
    'container',
    left.map(([id = '']) => id),
  );
  return left.map(([, cluster, name]) => `container ${name} of cluster ${cluster}`);
}

async function sweepNetworks(): Promise<readonly string[]> {
  if (inTheMaking().size > 0) return [];
  const ids = await listed(['network', 'ls', '-q', '--filter', `label=${label}=network`]);
  const empty: string[] = [];
  for (const id of ids) {
    const used = await run(['docker', 'network', 'inspect', '--format', '{{len .Containers}}', id]);
    if (used === '0' && (await attempt(['docker', 'network', 'rm', id])).code === 0)
      empty.push(`network ${id}`);
  }
  return empty;
}

async function sweepImages(): Promise<readonly string[]> {
  const filters = ['--filter', `label=${label}=image`, '--filter', 'dangling=true'];
  return removed('image', await listed(['images', '-q', ...filters]));
}

async function removed(kind: 'container' | 'image', ids: readonly string[]): Promise<readonly string[]> {
  if (ids.length === 0) return [];
  await attempt(
    kind === 'container' ? ['docker', 'rm', '--force', '--volumes', ...ids] : ['docker', 'rmi', ...ids],
  );
  return ids.map((id) => `${kind} ${id}`);
}

async function listed(words: readonly string[]): Promise<readonly string[]> {
  return (await run(['docker', ...words])).split('\n').filter((line) => line !== '');
}

function names(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

function commandLine(pid: string): readonly string[] {
  try {
    return /^\d+$/.test(pid) ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0') : [];
  } catch {
    return [];
  }
}
