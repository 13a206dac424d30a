// What this host must give before a cluster can start; each finding with its fix in one line. Takes less than a second.
import { existsSync, statfsSync } from 'node:fs';
import { freemem } from 'node:os';
import { attempt } from './command.ts';
import { holdsSysResource, textOf } from './host.ts';

export interface Finding {
  readonly name: string;
  readonly level: 'ok' | 'warning' | 'problem';
  readonly seen: string;
  readonly fix?: string;
}

const gib = 1_024 ** 3;

/** `timeoutMs`: how long each tool may take to answer. */
export async function preflight(timeoutMs = 900): Promise<readonly Finding[]> {
  const [engine, clusters, go] = await Promise.all([
    attempt(
      [
        'docker',
        'info',
        '--format',
        '{{.ServerVersion}} {{.DockerRootDir}} {{.CgroupVersion}} {{.DefaultRuntime}}',
      ],
      {
        timeoutMs,
      },
    ),
    attempt(['docker', 'ps', '-a', '--filter', 'label=io.x-k8s.kind.cluster', '--format', '{{.Names}}'], {
      timeoutMs,
    }),
    attempt(['go', 'version'], { timeoutMs }),
  ]);
  const [version = '', root = '/var/lib/docker', cgroup = '', runtime = ''] = engine.stdout.trim().split(' ');
  return [
    engineFinding(engine.code === 0, version, engine.stderr),
    disk(existsSync(root) ? root : '/'),
    memory(),
    inotify(),
    cgroups(cgroup),
    capabilities(runtime),
    go.code === 0
      ? { name: 'Go', level: 'ok', seen: go.stdout.trim().replace('go version ', '') }
      : {
          name: 'Go',
          level: 'warning',
          seen: 'none',
          fix: 'only needed where no image can be pulled: install Go 1.24 or newer',
        },
    { name: 'ports', level: 'ok', seen: 'kind takes a free one of loopback for each API server' },
    {
      name: 'clusters',
      level: 'ok',
      seen: clusters.stdout.trim().split('\n').filter(Boolean).join(', ') || 'none',
    },
  ];
}

/** Throws with every problem and its fix, before minutes are spent on what cannot work. */
export async function requireFitHost(): Promise<void> {
  // A busy engine is no problem of the host.
  const problems = (await preflight(15_000)).filter(({ level }) => level === 'problem');
  if (problems.length === 0) return;
  const lines = problems.map(({ name, seen, fix }) => `  ${name}: ${seen}\n    fix: ${fix}`);
  throw new Error(`this machine cannot run a cluster:\n${lines.join('\n')}`);
}

function engineFinding(answers: boolean, version: string, error: string): Finding {
  if (answers) return { name: 'Docker engine', level: 'ok', seen: version };
  const denied = /permission denied/i.test(error);
  return {
    name: 'Docker engine',
    level: 'problem',
    seen: error.trim().split('\n').at(-1)?.slice(0, 120) ?? 'no answer',
    fix: denied ? 'add your user to the group docker' : 'start it, or as root: make engine',
  };
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

function memory(): Finding {
  const free =
    Number(/MemAvailable:\s+(\d+)/.exec(textOf('/proc/meminfo'))?.[1] ?? freemem() / 1_024) / 1_024 ** 2;
  const seen = `${free.toFixed(1)} GiB available`;
  if (free >= 4) return { name: 'memory', level: 'ok', seen };
  return {
    name: 'memory',
    level: free >= 2 ? 'warning' : 'problem',
    seen,
    fix: 'three clusters need 2 to 4 GiB',
  };
}

function inotify(): Finding {
  const instances = Number(textOf('/proc/sys/fs/inotify/max_user_instances').trim() || 'NaN');
  const seen = `${instances} instances`;
  if (Number.isNaN(instances) || instances >= 128) return { name: 'inotify', level: 'ok', seen };
  return { name: 'inotify', level: 'problem', seen, fix: 'sysctl -w fs.inotify.max_user_instances=512' };
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
