// Whether there is memory for clusters, and which command gives some back.
import { freemem } from 'node:os';
import { type Cluster, declaredClusters, nodeNamesOf } from './declaration.ts';
import type { Finding } from './finding.ts';
import { textOf } from './host.ts';

/** `nodes`: names of those that run. */
export function memory(wanted: readonly Cluster[], nodes: readonly string[]): Finding {
  const available = /MemAvailable:\s+(\d+)/.exec(textOf('/proc/meminfo'))?.[1];
  const free = Number(available ?? freemem() / 1_024) / 1_024 ** 2;
  const running = declaredClusters().filter((cluster) =>
    nodeNamesOf(cluster).some((node) => nodes.includes(node)),
  );
  return memoryFinding(free, namesOf(wanted), namesOf(running));
}

const namesOf = (clusters: readonly Cluster[]): readonly string[] => clusters.map(({ name }) => name);

/** `free`: GiB. Names of clusters that are to be made, and of those that run. */
export function memoryFinding(free: number, wanted: readonly string[], running: readonly string[]): Finding {
  const seen = `${free.toFixed(1)} GiB available`;
  if (free >= 4) return { name: 'memory', level: 'ok', seen };
  return { name: 'memory', level: free >= 2 ? 'warning' : 'problem', seen, fix: fixFor(wanted, running) };
}

function fixFor(wanted: readonly string[], running: readonly string[]): string {
  const unasked = running.filter((name) => !wanted.includes(name));
  const spare = unasked.length > 0 ? unasked : running.slice(1);
  if (spare.length > 0) return `what they hold comes back with: make kind-down CLUSTERS="${spare.join(' ')}"`;
  if (wanted.length > 1)
    return `three clusters need 2 to 4 GiB, one needs less: make kind-up CLUSTERS=${wanted[0]}`;
  return 'see which processes hold it: ps -eo rss,pid,comm --sort=-rss | head';
}
