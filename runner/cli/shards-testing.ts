// Shards of one Job as real processes: one folder, one Lease of a cluster that is none.
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type CharterProcess, startCharter } from '../../fixtures/testing/index.ts';
import type { FakeCluster } from '../apiserver/cluster-testing.ts';

export const campaigns = resolve(import.meta.dirname, '../../fixtures/campaigns');

export interface ShardOptions {
  /** Zero-based, as Kubernetes counts. */
  readonly index: number;
  readonly campaign?: string;
  readonly retry?: number;
  /** Further keys of `budgets`, each after a comma. */
  readonly budgets?: string;
  /** Further keys of `execution.lock`, each after a comma. */
  readonly lock?: string;
  /** Further text of charter.yaml. */
  readonly more?: string;
}

/** One of three, in the folder `out` of `home`. */
export function startShard(
  { home, cluster }: { readonly home: string; readonly cluster: FakeCluster },
  { index, campaign = 'known-verdicts', retry = 0, budgets = '', lock = '', more = '' }: ShardOptions,
): CharterProcess {
  const config = join(home, `charter-${index}.yaml`);
  const text = readFileSync(join(campaigns, 'charter.yaml'), 'utf8')
    .replace('retry: 0', `retry: ${retry}, lock: { mode: lease, lease: lock${lock} }`)
    .replace('graceMs: 700', `graceMs: 700${budgets}`);
  writeFileSync(config, `${text}${more}`);
  const where = ['--config', config, '--suites', join(campaigns, campaign), '--out', join(home, 'out')];
  return startCharter(['run', ...where, '--shard', '/3', '--merge'], {
    env: {
      ...cluster.env,
      CHARTER_EMBEDDED: 'true',
      CHARTER_JOB_UID: 'uid-1',
      CHARTER_JOB_NAME: 'nightly-1',
      JOB_COMPLETION_INDEX: String(index),
      CHARTER_TERMINATION_LOG: join(home, `termination-${index}`),
    },
  });
}
