// Finds and removes what a killed harness left: half-made clusters, build containers, networks without containers, half-written files.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { removeLeftContainers } from '../image/left-containers.ts';
import { attempt } from './command.ts';
import { listed, nodeLabel, removed, removeIdle } from './idle.ts';
import { cacheFolder, label, stateFolder } from './paths.ts';
import { isLivingHarness, processes } from './processes.ts';
import { temporaryPattern } from './temporary.ts';
import { readyFile } from './up.ts';

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
  const files = sweepFiles();
  const creators = sweepCreators();
  const clusters = await sweepClusters();
  const builds = await removed(
    'container',
    await listed(['ps', '-a', '-q', '--filter', `label=${label}=build`]),
  );
  return [
    ...files,
    ...creators,
    ...clusters,
    ...builds,
    ...(await removeLeftContainers()),
    ...(inTheMaking().size > 0 ? [] : await removeIdle()),
    ...(await sweepImages()),
  ];
}

/** Where files and folders are written under a name that ends with the process id of their maker, and renamed when they are whole. */
const inProgress = ['bin', 'images', 'image/bases', 'image/packages'].map((folder) =>
  join(stateFolder, folder),
);

function sweepFiles(): readonly string[] {
  const candidates = [
    ...names(tmpdir()).map((name) => [tmpdir(), name, temporaryPattern.exec(name)?.[1]] as const),
    ...[join(cacheFolder, 'bin'), ...inProgress].flatMap((folder) =>
      names(folder).map((name) => [folder, name, /\.(\d+)$/.exec(name)?.[1]] as const),
    ),
  ];
  return candidates.flatMap(([folder, name, pid]) => {
    if (pid === undefined || isLivingHarness(pid)) return [];
    rmSync(join(folder, name), { recursive: true, force: true });
    return [`half-made ${name}`];
  });
}

/** Clusters that a living harness creates now. */
const inTheMaking = (): ReadonlySet<string> =>
  new Set(names(tmpdir()).flatMap((name) => /^charter-kind-up-(.+)-\d+-/.exec(name)?.[1] ?? []));

/** A kind whose harness was killed would go on creating. */
function sweepCreators(): readonly string[] {
  const making = inTheMaking();
  return processes().flatMap(({ pid, words }) => {
    const name = /^charter-(.+)/.exec(words[words.indexOf('--name') + 1] ?? '')?.[1];
    if (!words[0]?.endsWith('kind') || !words.includes('create') || name === undefined || making.has(name))
      return [];
    process.kill(pid, 'SIGKILL');
    return [`process ${pid} (kind create cluster charter-${name})`];
  });
}

async function sweepClusters(): Promise<readonly string[]> {
  const format = `{{.ID}} {{.Label "${nodeLabel}"}} {{.Names}}`;
  const rows = await listed(['ps', '-a', '--filter', `label=${nodeLabel}`, '--format', format]);
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

async function sweepImages(): Promise<readonly string[]> {
  const filters = ['--filter', `label=${label}=image`, '--filter', 'dangling=true'];
  return removed('image', await listed(['images', '-q', ...filters]));
}

function names(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
