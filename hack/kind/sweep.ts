// Finds and removes what a killed harness left: commands that run on, half-made clusters, what builds work in, networks without
// containers, half-written files.
import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { removeLeftBuilds } from '../image/left-builds.ts';
import { listed, removed, removeIdle } from './idle.ts';
import { cacheFolder, label, stateFolder } from './paths.ts';
import { isLivingHarness, orphans, type Process } from './processes.ts';
import { inTheMaking, sweepClusters } from './sweep-clusters.ts';
import { removeTree, temporaryFolders } from './temporary.ts';

/** One line for each thing removed. Of clusters only those go that a dead harness was making; what a living one works on stays. */
export async function sweep(): Promise<readonly string[]> {
  const files = filesLeft();
  const unfinished = inTheMaking('dead');
  const swept: string[] = [];
  for (let round = 1; round <= 5; round += 1) {
    const found = await sweepOnce(unfinished);
    // Files last: by them the next sweep knows what this one could not remove.
    if (found.length === 0 && (round > 1 || files.length === 0)) return [...swept, ...removeFiles(files)];
    swept.push(...found);
    // The engine may still carry out what a client that is dead now has asked of it.
    await sleep(1_500);
  }
  return swept;
}

async function sweepOnce(unfinished: ReadonlySet<string>): Promise<readonly string[]> {
  return [
    ...endOrphans(),
    ...(await sweepClusters(unfinished)),
    ...(await sweepBuilds()),
    ...(await removeLeftBuilds()),
    ...(inTheMaking('living').size > 0 ? [] : await removeIdle()),
  ];
}

/** Where files and folders are written under a name that ends with the process id of their maker, and renamed when they are whole. */
const inProgress = ['bin', 'images', 'image', 'image/bases', 'image/packages', 'image/tmp'].map((folder) =>
  join(stateFolder, folder),
);

function filesLeft(): readonly string[] {
  const folders = temporaryFolders().filter(({ maker }) => maker === 'dead');
  const halves = [join(cacheFolder, 'bin'), ...inProgress].flatMap((folder) =>
    names(folder)
      .filter((name) => {
        const pid = /\.(\d+)$/.exec(name)?.[1];
        return pid !== undefined && !isLivingHarness(pid);
      })
      .map((name) => join(folder, name)),
  );
  return [...folders.map(({ path }) => path), ...halves];
}

function removeFiles(paths: readonly string[]): readonly string[] {
  for (const path of paths) removeTree(path);
  return paths.map((path) => `half-made ${basename(path)}`);
}

/** They would go on making what nobody waits for. */
export function endOrphans(left: readonly Process[] = orphans()): readonly string[] {
  return left.map(({ pid, words: [program = '', ...words] }) => {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself, or with the one before.
    }
    return `process ${pid} (${[basename(program), ...words].join(' ').slice(0, 60)})`;
  });
}

/** What the harness works on in containers and images of its own, each beside a temp folder of this purpose. */
const building = ['node-image', 'kubectl'];

/** Working containers and images without a name; none while a living harness builds, for nothing tells whose they are. */
export async function sweepBuilds(): Promise<readonly string[]> {
  if (temporaryFolders().some(({ purpose, maker }) => maker === 'living' && building.includes(purpose)))
    return [];
  const containers = await listed(['ps', '-a', '-q', '--filter', `label=${label}=build`]);
  const unnamed = ['--filter', `label=${label}=image`, '--filter', 'dangling=true'];
  return [
    ...(await removed('container', containers)),
    ...(await removed('image', await listed(['images', '-q', ...unnamed]))),
  ];
}

function names(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
