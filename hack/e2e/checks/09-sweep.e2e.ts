// A harness killed at any point leaves nothing that its sweep does not find.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from '../../kind/command.ts';
import { kindName } from '../../kind/declaration.ts';
import { nodeLabel } from '../../kind/idle.ts';
import { label, projectRoot } from '../../kind/paths.ts';
import { sweep } from '../../kind/sweep.ts';
import { temporaryPattern } from '../../kind/temporary.ts';
import { type OwnClusters, ownClusters } from '../own-clusters.ts';

/** Clusters that nobody else makes: kept ones would be found whole. */
const names = ['killed-alone', 'killed-with-all'] as const;
type Killed = (typeof names)[number];

let own: OwnClusters;
beforeAll(() => {
  own = ownClusters(...names.map((name) => ({ name, role: 'remote' }) as const));
});
afterAll(() => own.remove());

/** Containers of the clusters, the harness' networks, dangling volumes, its temp folders. */
async function leftovers() {
  const lines = async (...words: string[]) => (await run(['docker', ...words])).split('\n').filter(Boolean);
  const living = (pid: string) => readdirSync('/proc').includes(pid);
  const nodes = names.map((name) => lines('ps', '-aq', '--filter', `label=${nodeLabel}=${kindName(name)}`));
  return {
    containers: (await Promise.all(nodes)).flat(),
    networks: await lines('network', 'ls', '-q', '--filter', `label=${label}=network`),
    volumes: (await lines('volume', 'ls', '-q', '--filter', 'dangling=true')).length,
    folders: readdirSync(tmpdir()).filter((name) => {
      const pid = temporaryPattern.exec(name)?.[1];
      return pid !== undefined && !living(pid);
    }),
  };
}

interface Killing {
  readonly cluster: Killed;
  /** How long the harness has worked when it is killed. */
  readonly ms: number;
  /** How long to wait before it begins. */
  readonly inMs: number;
}

/** Later than that a cluster is being made, and no harness has a reason to have ended. */
const makingMs = 2_000;

/** Kills a harness that brings the cluster up: alone, or with all it started. */
async function kill({ cluster, ms, inMs }: Killing): Promise<void> {
  await sleep(inMs);
  const main = join(projectRoot, 'hack', 'kind', 'main.ts');
  const child = spawn(process.execPath, ['--no-warnings', main, 'up', cluster], {
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, CHARTER_CLUSTERS: own.file },
  });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  await sleep(ms);
  const pid = child.pid ?? 0;
  const isAlive = child.exitCode === null;
  if (isAlive) process.kill(cluster === 'killed-alone' ? pid : -pid, 'SIGKILL');
  await gone;
  child.stderr.destroy();
  if (ms > makingMs) expect(isAlive, `${cluster} after ${ms} ms: ${said}`).toBe(true);
}

/** Milliseconds: a harness that is killed alone, and one with all it started. */
const moments = [
  [400, 150],
  [700, 1_000],
  [2_200, 1_500],
  [3_200, 4_500],
  [9_000, 6_500],
] as const;

test('ten kills of the harness at ten moments: the sweep leaves nothing of what they left, and all that is whole', async () => {
  const whole = ['ps', '-q', '--filter', `label=${nodeLabel}=${kindName('home')}`];
  const home = await run(['docker', ...whole]);
  await sweep();
  const before = await leftovers();
  expect(before).toMatchObject({ containers: [], folders: [] });
  let found = 0;
  for (const [alone, withAll] of moments) {
    // Both die at the same moment: the engine may still carry out what they have asked of it when the sweep begins.
    const last = Math.max(alone, withAll);
    await Promise.all([
      kill({ cluster: 'killed-alone', ms: alone, inMs: last - alone }),
      kill({ cluster: 'killed-with-all', ms: withAll, inMs: last - withAll }),
    ]);
    found += (await sweep()).length;
    expect(await leftovers(), `after ${alone} and ${withAll} ms`).toEqual(before);
  }
  expect(found).toBeGreaterThan(0);
  expect(await sweep()).toEqual([]);
  expect(await run(['docker', ...whole]), 'a cluster that is whole stays').toBe(home);
});
