// What this host must give before a cluster can start; each finding with its fix in one line. Takes about a second, or three where a registry must be asked.
import { once } from 'node:events';
import { existsSync, statfsSync } from 'node:fs';
import { createServer } from 'node:net';
import type { ToolName } from './binaries.ts';
import { attempt, type CommandEnd } from './command.ts';
import { type Cluster, declaredClusters, nodeNamesOf } from './declaration.ts';
import type { Finding } from './finding.ts';
import { askGo, goFinding, goNeeds } from './go.ts';
import { holdsSysResource, textOf } from './host.ts';
import { nodeLabel } from './idle.ts';
import { memory } from './memory.ts';
import { mustBeBuilt } from './node-image/index.ts';

const gib = 1_024 ** 3;

const engineFormat = '{{.ServerVersion}} {{.DockerRootDir}} {{.CgroupVersion}} {{.DefaultRuntime}}';
const nodeStates = ['--filter', `label=${nodeLabel}`, '--format', '{{.Names}} {{.State}}'];
/** Besides Go; where no registry gives the image of a node. */
const buildTools = ['debootstrap', 'buildah', 'jq'];

export interface PreflightWish {
  /** That are to be made; all that are declared when not given. */
  readonly clusters?: readonly Cluster[];
  /** That will be run. */
  readonly tools?: readonly ToolName[];
  /** How long each tool may take to answer. */
  readonly timeoutMs?: number;
}

export async function preflight({
  clusters = declaredClusters(),
  tools = ['kind', 'helm'],
  timeoutMs = 900,
}: PreflightWish = {}): Promise<readonly Finding[]> {
  const [engine, nodes, go, missing, free] = await Promise.all([
    attempt(['docker', 'info', '--format', engineFormat], { timeoutMs }),
    attempt(['docker', 'ps', '-a', ...nodeStates], { timeoutMs }),
    attempt(askGo, { timeoutMs }),
    attempt([
      'sh',
      '-c',
      'for one; do command -v "$one" >/dev/null || echo "$one"; done',
      'sh',
      ...buildTools,
    ]),
    ports(),
  ]);
  const [, root = '/var/lib/docker', cgroup = '', runtime = ''] = engine.stdout.trim().split(' ');
  // Of an engine that does not answer nobody knows which images it has.
  let asked: Promise<boolean> | undefined;
  const mustBuild = async () => {
    if (engine.code !== 0) return false;
    asked ??= mustBeBuilt();
    return asked;
  };
  return [
    engineFinding(engine, timeoutMs),
    disk(existsSync(root) ? root : '/'),
    memory(clusters, runningNodes(nodes.stdout)),
    inotifyFinding(
      Number(textOf('/proc/sys/fs/inotify/max_user_instances').trim() || 'NaN'),
      nodesTogether(clusters, nodes.stdout),
    ),
    cgroups(cgroup),
    capabilities(runtime),
    await goFinding(go, goNeeds({ tools, mustBuildNodeImage: mustBuild, timeoutMs })),
    await toolsFinding(linesOf(missing.stdout), mustBuild),
    free,
    clustersFinding(nodes),
  ];
}

/** Throws with every problem and its fix, before minutes are spent on what cannot work. */
export async function requireFitHost(wish: Omit<PreflightWish, 'timeoutMs'> = {}): Promise<void> {
  // A busy engine is no problem of the host.
  const problems = (await preflight({ ...wish, timeoutMs: 15_000 })).filter(
    ({ level }) => level === 'problem',
  );
  if (problems.length === 0) return;
  const lines = problems.map(({ name, seen, fix }) => `  ${name}: ${seen}\n    fix: ${fix}`);
  throw new Error(`this machine cannot run a cluster:\n${lines.join('\n')}`);
}

export function engineFinding({ code, stdout, stderr }: CommandEnd, timeoutMs: number): Finding {
  const [version = ''] = stdout.trim().split(' ');
  if (code === 0) return { name: 'Docker engine', level: 'ok', seen: version };
  const said = stderr.trim().split('\n').at(-1)?.slice(0, 120) ?? '';
  const problem = { name: 'Docker engine', level: 'problem' } as const;
  if (said === '')
    return { ...problem, seen: `no answer within ${timeoutMs / 1_000} s`, fix: 'is it busy? docker info' };
  const isDenied = /permission denied/i.test(said);
  return {
    ...problem,
    seen: said,
    fix: isDenied ? 'add your user to the group docker' : 'start it, or as root: make engine',
  };
}

/** `mustBuild`: whether a node image must be made, asked only where it matters. */
export async function toolsFinding(
  missing: readonly string[],
  mustBuild: () => Promise<boolean>,
): Promise<Finding> {
  const name = 'build tools';
  if (missing.length === 0) return { name, level: 'ok', seen: buildTools.join(', ') };
  const isProblem = missing.includes('debootstrap') && (await mustBuild());
  const why = isProblem ? 'the node image must be built' : 'only needed where no image can be pulled';
  return {
    ...{ name, level: isProblem ? 'problem' : 'warning', seen: `no ${missing.join(', no ')}` },
    fix: `${why}; on Debian: apt-get install -y --no-install-recommends ${missing.join(' ')}`,
  };
}

/** kind takes a free port of loopback for each API server. */
async function ports(): Promise<Finding> {
  const server = createServer().listen(0, '127.0.0.1');
  try {
    await once(server, 'listening');
    return { name: 'ports', level: 'ok', seen: 'loopback has free ones' };
  } catch (error) {
    const fix = 'see what holds them: ss -tan | wc -l, sysctl net.ipv4.ip_local_port_range';
    return { name: 'ports', level: 'problem', seen: String(error), fix };
  } finally {
    server.close();
  }
}

function disk(path: string): Finding {
  const { bavail, bsize } = statfsSync(path);
  const free = (bavail * bsize) / gib;
  const seen = `${free.toFixed(0)} GiB free at ${path}`;
  if (free >= 25) return { name: 'disk', level: 'ok', seen };
  const level = free >= 8 ? 'warning' : 'problem';
  return {
    name: 'disk',
    level,
    seen,
    fix: 'clusters need 8 GiB, building the node image 25: docker system prune',
  };
}

/** What the kubelet, the runtime and the Pods of a node take was measured: four nodes live with 128, six do not. */
const instancesPerNode = 32;

export function inotifyFinding(instances: number, nodes: number): Finding {
  const needed = instancesPerNode * nodes;
  const seen = `${instances} instances for ${nodes} nodes`;
  if (Number.isNaN(instances) || instances >= needed) return { name: 'inotify', level: 'ok', seen };
  return {
    name: 'inotify',
    level: 'problem',
    seen,
    fix: `sysctl -w fs.inotify.max_user_instances=${Math.max(512, needed)}`,
  };
}

const linesOf = (text: string): readonly string[] => text.split('\n').filter(Boolean);

/** How many nodes will run when these clusters do too. `states`: of the nodes that are there, a line with name and state for each. */
function nodesTogether(clusters: readonly Cluster[], states: string): number {
  return new Set([...runningNodes(states), ...clusters.flatMap(nodeNamesOf)]).size;
}

const runningNodes = (states: string): readonly string[] =>
  linesOf(states).flatMap((line) => /^(\S+) running$/.exec(line)?.[1] ?? []);

/** Of the nodes of all kind clusters, by the answer of the engine. */
export function clustersFinding({ code, stdout }: CommandEnd): Finding {
  const name = 'clusters';
  if (code !== 0) return { name, level: 'warning', seen: 'not known: the engine does not answer' };
  const names = linesOf(stdout).map((line) => line.split(' ', 1)[0]);
  return { name, level: 'ok', seen: names.join(', ') || 'none' };
}

function cgroups(version: string): Finding {
  if (version !== '1') return { name: 'cgroup', level: 'ok', seen: `v${version || '?'}` };
  return { name: 'cgroup', level: 'ok', seen: 'v1: Kubernetes up to 1.34, which is what the harness uses' };
}

function capabilities(runtime: string): Finding {
  const whole = holdsSysResource() ?? true;
  if (whole) return { name: 'capabilities', level: 'ok', seen: 'CAP_SYS_RESOURCE is there' };
  if (runtime === 'charter')
    return { name: 'capabilities', level: 'ok', seen: 'no CAP_SYS_RESOURCE; the engine does without' };
  return {
    name: 'capabilities',
    level: 'warning',
    seen: 'no CAP_SYS_RESOURCE',
    fix: 'privileged containers may be refused: make engine',
  };
}
