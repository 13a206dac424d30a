// Shards of one Job as real processes: one folder, one Lease of a cluster that is none.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach } from 'vitest';
import { type CharterProcess, startCharter } from '../../fixtures/testing/index.ts';
import { type FakeCluster, fakeCluster } from '../apiserver/cluster-testing.ts';

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

export interface ShardScene {
  readonly home: () => string;
  /** Folder of the reports. */
  readonly out: () => string;
  readonly cluster: () => FakeCluster;
  readonly shard: (options: ShardOptions) => CharterProcess;
  /** Is killed after the test, as shards are. */
  readonly kept: (charter: CharterProcess) => CharterProcess;
}

/** For each test of a file a folder and a cluster with the Lease `lock`; what a test has started does not outlive it. */
export function shardScene(): ShardScene {
  let cluster: FakeCluster;
  let home = '';
  const started: CharterProcess[] = [];
  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), 'charter-shards-'));
    mkdirSync(join(home, 'out'));
    cluster = await fakeCluster();
    cluster.setLease('lock', {});
  });
  afterEach(async () => {
    for (const { child, ended } of started.splice(0)) {
      child.kill('SIGKILL');
      await ended;
    }
    await cluster[Symbol.asyncDispose]();
    rmSync(home, { recursive: true, force: true });
  });
  const kept = (charter: CharterProcess): CharterProcess => {
    started.push(charter);
    return charter;
  };
  return {
    home: () => home,
    out: () => join(home, 'out'),
    cluster: () => cluster,
    shard: (options) => kept(startShard({ home, cluster }, options)),
    kept,
  };
}

export async function until(look: () => boolean): Promise<void> {
  while (!look()) await sleep(20);
}

/** One of three, in the folder `out` of `home`. */
function startShard(
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
