// Puts image archives into all nodes side by side, and only where they are not yet.
import { createHash } from 'node:crypto';
import { createReadStream, rmSync } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type SavedImage, savedImage } from '../image/archive.ts';
import { action } from './action.ts';
import { attempt, run, shell } from './command.ts';
import { temporaryFolder } from './temporary.ts';
import { withoutHeld } from './thin.ts';

const ctr = ['ctr', '-n', 'k8s.io'];

/** `archives`: docker-archive tars, those whose layers others share first. Nodes by container name. */
export async function load(archives: readonly string[], nodes: readonly string[]): Promise<void> {
  for (const archive of archives) await loadOne(archive, nodes);
}

/**
 * A head start of `load`, while the nodes are still being made: from the moment their runtimes answer until `made` has settled.
 * What it could not do, or did in a node that was replaced, `load` does afterwards.
 */
export async function loadAhead(
  archives: readonly string[],
  nodes: readonly string[],
  made: Promise<unknown>,
): Promise<void> {
  let isMade = false;
  const settled = () => {
    isMade = true;
  };
  made.then(settled, settled);
  while (!isMade) {
    const answers = await Promise.all(nodes.map(runtimeAnswers));
    if (answers.every(Boolean)) return load(archives, nodes).catch(() => {});
    await sleep(300);
  }
}

async function runtimeAnswers(node: string): Promise<boolean> {
  return (await attempt(['docker', 'exec', node, ...ctr, 'images', 'ls', '-q'])).code === 0;
}

async function loadOne(archive: string, nodes: readonly string[]): Promise<void> {
  const image = await savedImage(archive);
  const held = await Promise.all(nodes.map((node) => holds(node, image)));
  const missing = nodes.filter((_, index) => !held[index]);
  if (missing.length === 0) return;
  const name = `load ${basename(archive)} into ${missing.length} node${missing.length === 1 ? '' : 's'}`;
  await action(name, () => Promise.all(missing.map((node) => importInto(node, archive, image))));
}

/** Under its tag a node may hold another build of the image, and the kubelet may have removed one it did not need. */
async function holds(node: string, { names: [name = ''], config }: SavedImage): Promise<boolean> {
  const id = ['crictl', 'inspecti', '--output', 'go-template', '--template', '{{.status.id}}', name];
  const held = await attempt(['docker', 'exec', node, ...id]);
  return held.code === 0 && held.stdout.trim() === config.digest;
}

/** Only the layers that the node lacks; the whole archive where that cannot be. */
async function importInto(node: string, archive: string, image: SavedImage): Promise<void> {
  const folder = temporaryFolder('load');
  try {
    const held = await run(['docker', 'exec', node, ...ctr, 'content', 'ls', '-q']);
    const thin = await withoutHeld(archive, image, new Set(held.split('\n')), folder);
    // A layer that was there may have gone meanwhile.
    if (thin === undefined || !(await succeeds(importFile(node, thin)))) await importFile(node, archive);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Unpacked at once: the first Pod need not wait for it. */
async function importFile(node: string, file: string): Promise<void> {
  const words = ['docker', 'exec', '-i', node, ...ctr, 'images', 'import', '--digests', '-'];
  await shell(`${words.join(' ')} < ${JSON.stringify(file)}`);
}

function succeeds(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}

/** SHA-256 of its bytes, in hex. */
export async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
