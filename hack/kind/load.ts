// Puts image archives into all nodes side by side, and only where they are not yet.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { action } from './action.ts';
import { attempt, run, shell } from './command.ts';

/** `archives`: docker-archive tars. Nodes by container name. */
export async function load(archives: readonly string[], nodes: readonly string[]): Promise<void> {
  await Promise.all(archives.map((archive) => loadOne(archive, nodes)));
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
  return (await attempt(['docker', 'exec', node, 'ctr', '-n', 'k8s.io', 'images', 'ls', '-q'])).code === 0;
}

async function loadOne(archive: string, nodes: readonly string[]): Promise<void> {
  const mark = await markOf(archive);
  const held = await Promise.all(nodes.map((node) => holds(node, mark)));
  const missing = nodes.filter((_, index) => !held[index]);
  if (missing.length === 0) return;
  const name = `load ${basename(archive)} into ${missing.length} node${missing.length === 1 ? '' : 's'}`;
  await action(name, () => Promise.all(missing.map((node) => importInto(node, archive, mark))));
}

/** What a node was given last under the name of an archive. Labels of the image would be the place for it, but the kubelet's runtime replaces them. */
interface Mark {
  readonly path: string;
  readonly digest: string;
  /** What the runtime calls the image. */
  readonly image: string;
}

async function markOf(archive: string): Promise<Mark> {
  const [{ RepoTags: tags }] = JSON.parse(await run(['tar', '-xOf', archive, 'manifest.json'])) as [
    { readonly RepoTags: readonly string[] | null },
  ];
  const path = `/kind/charter-loaded-${basename(archive)}`;
  return { path, digest: await digestOf(archive), image: tags?.[0] ?? '' };
}

/** Under its tag a node may hold another build of the image, and the kubelet may have removed one it did not need. */
async function holds(node: string, { path, digest, image }: Mark): Promise<boolean> {
  const question = `test "$(cat ${path})" = ${digest} && crictl inspecti -q ${image}`;
  return (await attempt(['docker', 'exec', node, 'sh', '-c', question])).code === 0;
}

async function importInto(node: string, archive: string, { path, digest }: Mark): Promise<void> {
  const file = JSON.stringify(archive);
  await shell(`docker exec -i ${node} ctr -n k8s.io images import --no-unpack --digests - < ${file}`);
  await run(['docker', 'exec', node, 'sh', '-c', `echo ${digest} > ${path}`]);
}

/** SHA-256 of its bytes, in hex. */
export async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
