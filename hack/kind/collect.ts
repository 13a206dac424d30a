// After a failure: one folder with what a person needs to see why, small, in time, and without a secret in it.
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { kubectl } from './binaries.ts';
import { type Ask, askInTime, type CollectEdges, edgesOfHost } from './collect-ask.ts';
import { type Keep, keeper } from './collect-keep.ts';
import { collectNode } from './collect-node.ts';
import { type Cluster, nodeNamesOf } from './declaration.ts';
import { failureFolder } from './failure-folder.ts';
import { cacheFolder, stateFolder } from './paths.ts';
import { inputsOf, type Module, modules } from './tools.ts';

export interface Source {
  readonly kubeconfig: string;
  readonly name: string;
  /** Containers of its nodes; journals of runs lie there too, on local-path volumes. */
  readonly nodes: readonly string[];
}

/** `folder` is where its kubeconfig lies. */
export function sourceOf(cluster: Cluster, folder: string = stateFolder): Source {
  const { name } = cluster;
  return { name, kubeconfig: join(folder, `${name}.kubeconfig`), nodes: nodeNamesOf(cluster) };
}

/** Those that were brought up, or found up, since then (milliseconds of Date.now): their kubeconfigs were written anew. */
export function usedSince(since: number, sources: readonly Source[]): readonly Source[] {
  return sources.filter(({ kubeconfig }) => {
    const written = statSync(kubeconfig, { throwIfNoEntry: false })?.mtimeMs;
    return written !== undefined && written >= since;
  });
}

/** The folder. `secrets`: texts that must not stand in it. */
export async function collect(clusters: readonly Source[], secrets: readonly string[] = []): Promise<string> {
  const folder = failureFolder();
  await collectInto(folder, clusters, secrets, edgesOfHost);
  return folder;
}

export async function collectInto(
  folder: string,
  clusters: readonly Source[],
  secrets: readonly string[],
  edges: CollectEdges,
): Promise<void> {
  const keep = keeper(folder, secrets);
  const ask = askInTime(edges);
  await Promise.all([
    host(keep, ask),
    ...clusters.map((cluster) => collectCluster(cluster, keep, ask)),
    ...clusters
      .flatMap(({ nodes }) => nodes)
      .flatMap((node) => [collectNode(node, keep, ask), journals(node, keep, ask)]),
  ]);
}

async function host(keep: Keep, ask: Ask): Promise<void> {
  const asked = [
    ['node', '--version'],
    [atHand('kind', modules.kind), 'version'],
    [atHand('helm', modules.helm), 'version', '--short'],
    ['git', '-C', import.meta.dirname, 'log', '-1', '--format=%H %s'],
    ['docker', 'version'],
    ['docker', 'ps', '-a'],
    ['uname', '-a'],
    ['df', '-h'],
    ['free', '-m'],
  ];
  const answers = await Promise.all(
    asked.map(async (words) => `$ ${words.join(' ')}\n${await ask(...words)}`),
  );
  keep('host.txt', answers.join('\n'));
}

/** Nothing is built for a failure's sake. */
function atHand(name: string, module: Module): string {
  const built = join(cacheFolder, 'bin', `${module.folder}-${inputsOf(module)}`, name);
  return existsSync(built) ? built : name;
}

const newestJournals = 'ls -t /var/local-path-provisioner/*/*.jsonl 2>/dev/null | head -12';

async function journals(node: string, keep: Keep, ask: Ask): Promise<void> {
  const paths = (await ask('docker', 'exec', node, 'sh', '-c', newestJournals)).split('\n');
  await Promise.all(
    paths
      .filter((path) => path.startsWith('/'))
      .map(async (path) =>
        keep(`journal-${path.split('/').at(-1)}`, await ask('docker', 'exec', node, 'cat', path)),
      ),
  );
}

const listedKinds =
  'nodes,pods,jobs,cronjobs,deployments,services,endpointslices,pvc,pv,networkpolicies,leases';
const podLine = /^[a-z0-9-]+ [a-z0-9.-]+( \d+)* *$/;
const restarts = '{range .status.containerStatuses[*]}{.restartCount}{" "}{end}';
const podLines = `{range .items[*]}{.metadata.namespace} {.metadata.name} ${restarts}{"\\n"}{end}`;

async function collectCluster({ name, kubeconfig }: Source, keep: Keep, askHost: Ask): Promise<void> {
  const client = await kubectl();
  const ask: Ask = (...words) =>
    askHost(client, '--kubeconfig', kubeconfig, '--request-timeout=6s', ...words);
  const all = ['-A', '-o', 'wide'];
  const [pods] = await Promise.all([
    ask('get', 'pods', '-A', '-o', `jsonpath=${podLines}`),
    ...Object.entries({
      version: ['version'],
      objects: ['get', listedKinds, ...all],
      events: ['get', 'events', '-A', '--sort-by=.lastTimestamp'],
      nodes: ['describe', 'nodes'],
      describe: ['describe', 'pods,jobs,cronjobs,deployments,pvc,networkpolicies,leases', '-n', 'akko'],
    }).map(async ([of, words]) => keep(`${name}-${of}.txt`, await ask(...words))),
  ]);
  await Promise.all(
    pods
      .split('\n')
      .filter((line) => podLine.test(line) && !line.startsWith('local-path'))
      .map((line) => logs(line.split(' '), `${name}-log`, keep, ask)),
  );
}

/** `words`: namespace, Pod, and how often each of its containers was restarted. */
async function logs(words: readonly string[], prefix: string, keep: Keep, ask: Ask): Promise<void> {
  const [namespace = '', pod = '', ...counts] = words;
  const log = (...more: string[]) =>
    ask('logs', '-n', namespace, pod, '--all-containers', '--tail=2000', '--timestamps', ...more);
  keep(`${prefix}-${namespace}-${pod}.txt`, await log());
  if (counts.some((count) => Number(count) > 0))
    keep(`${prefix}-${namespace}-${pod}-previous.txt`, await log('--previous'));
}
