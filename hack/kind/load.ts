// Puts image archives into all nodes side by side, and only where they are not yet.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { action } from './action.ts';
import { attempt, run, shell } from './command.ts';

/** `archives`: docker-archive tars. Nodes by container name. */
export async function load(archives: readonly string[], nodes: readonly string[]): Promise<void> {
  await Promise.all(archives.map((archive) => loadOne(archive, nodes)));
}

async function loadOne(archive: string, nodes: readonly string[]): Promise<void> {
  const digest = await digestOf(archive);
  const held = await Promise.all(nodes.map((node) => holds(node, digest)));
  const missing = nodes.filter((_, index) => !held[index]);
  if (missing.length === 0) return;
  const name = `load ${basename(archive)} into ${missing.length} node${missing.length === 1 ? '' : 's'}`;
  await action(name, () => Promise.all(missing.map((node) => importInto(node, archive, digest))));
}

/** Labels would be the place for it, but the kubelet's runtime replaces those of every image it takes over. */
const markOf = (digest: string): string => `/kind/charter-loaded-${digest}`;

async function holds(node: string, digest: string): Promise<boolean> {
  return (await attempt(['docker', 'exec', node, 'test', '-e', markOf(digest)])).code === 0;
}

async function importInto(node: string, archive: string, digest: string): Promise<void> {
  const file = JSON.stringify(archive);
  await shell(`docker exec -i ${node} ctr -n k8s.io images import --no-unpack --digests - < ${file}`);
  await run(['docker', 'exec', node, 'touch', markOf(digest)]);
}

/** Of its bytes. */
export async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex').slice(0, 32);
}
