// What the operator of Tenants is measured beside: the same chart by `helm upgrade --install`, some at once, in one namespace each.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chartArchive } from '../fixtures/tenants/chart-archive.ts';
import { tool } from '../hack/kind/binaries.ts';
import { run } from '../hack/kind/command.ts';
import { thenClean } from '../hack/tenants/then-clean.ts';
import { within } from '../suites/tenants/wait.ts';
import type { Cluster } from '../suites/tenants/world.ts';
import { seconds } from './measure.ts';

export interface PlainWish {
  readonly kubeconfig: string;
  readonly cluster: Cluster;
  readonly count: number;
  readonly atOnce: number;
}

/** Seconds; its namespaces are gone when it answers. */
export async function plainHelm({ kubeconfig, cluster, count, atOnce }: PlainWish): Promise<number> {
  const helm = await tool('helm');
  const folder = mkdtempSync(join(tmpdir(), 'charter-bench-tenants-'));
  const chart = join(folder, 'small.tgz');
  writeFileSync(chart, chartArchive('small', '1.0.0').bytes);
  const names = Array.from({ length: count }, (_, i) => `plain-${i}`);
  const install = (name: string) => [
    ...[helm, '--kubeconfig', kubeconfig, '--namespace', name, 'upgrade', '--install', name, chart],
    ...['--create-namespace', '--wait', '--timeout', '180s'],
  ];
  const loop = async () => {
    const queue = [...names];
    const worker = async () => {
      for (let name = queue.shift(); name !== undefined; name = queue.shift()) await run(install(name));
    };
    const ends = await Promise.allSettled(Array.from({ length: atOnce }, worker));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  };
  return thenClean(
    () => seconds(loop),
    async () => {
      rmSync(folder, { recursive: true, force: true });
      await Promise.all(names.map((name) => cluster.remove('Namespace', { name })));
      await namespacesGone(cluster, names);
    },
  );
}

/** One that is being taken down is work for the cluster that is measured next. */
export function namespacesGone(cluster: Cluster, names: readonly string[]) {
  return within(600, `${names.length} namespaces of ${cluster.name} are gone`, async () => {
    const there = new Set((await cluster.list('Namespace')).map(({ metadata }) => metadata.name));
    const left = names.filter((name) => there.has(name));
    return left.length === 0 ? {} : `${left.length} are there, e.g. ${left[0]}`;
  });
}
