// A harness killed at any point leaves nothing that its sweep does not find.
import { spawn } from 'node:child_process';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { run } from '../../kind/command.ts';
import { kindName } from '../../kind/declaration.ts';
import { nodeLabel } from '../../kind/idle.ts';
import { label, projectRoot } from '../../kind/paths.ts';
import { sweep } from '../../kind/sweep.ts';
import { temporaryFolder, temporaryPattern } from '../../kind/temporary.ts';

/** Clusters that nobody else makes: kept ones would be found whole. */
const clusters = ['killed-alone', 'killed-with-all'] as const;
type Killed = (typeof clusters)[number];

const folder = temporaryFolder('declaration');
const declaration = join(folder, 'clusters.yaml');
writeFileSync(declaration, JSON.stringify({ clusters: clusters.map((name) => ({ name, role: 'remote' })) }));
afterAll(() => rmSync(folder, { recursive: true }));

/** Containers of the clusters, the harness' networks, dangling volumes, its temp folders. */
async function leftovers() {
  const lines = async (...words: string[]) => (await run(['docker', ...words])).split('\n').filter(Boolean);
  const living = (pid: string) => readdirSync('/proc').includes(pid);
  const nodes = clusters.map((name) =>
    lines('ps', '-aq', '--filter', `label=${nodeLabel}=${kindName(name)}`),
  );
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

/** Kills a harness that brings the cluster up: alone, or with all it started. */
async function killedAfter(ms: number, cluster: Killed): Promise<void> {
  const main = join(projectRoot, 'hack', 'kind', 'main.ts');
  const child = spawn(process.execPath, ['--no-warnings', main, 'up', cluster], {
    detached: true,
    stdio: 'ignore',
    env: { ...process.env, CHARTER_CLUSTERS: declaration },
  });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  await new Promise((resolve) => setTimeout(resolve, ms));
  const pid = child.pid ?? 0;
  if (child.exitCode === null) process.kill(cluster === 'killed-alone' ? pid : -pid, 'SIGKILL');
  await gone;
}

test('ten kills of the harness at ten moments: the sweep leaves nothing of what they left, and all that is whole', async () => {
  const whole = ['ps', '-q', '--filter', `label=${nodeLabel}=${kindName('home')}`];
  const home = await run(['docker', ...whole]);
  await sweep();
  const before = await leftovers();
  expect(before).toMatchObject({ containers: [], folders: [] });
  // Two harnesses at a time, as two clusters are made side by side.
  const pairs = [
    [400, 150],
    [700, 1_000],
    [2_200, 1_500],
    [3_200, 4_500],
    [9_000, 6_500],
  ] as const;
  let found = 0;
  for (const [alone, withAll] of pairs) {
    await Promise.all([killedAfter(alone, 'killed-alone'), killedAfter(withAll, 'killed-with-all')]);
    found += (await sweep()).length;
    expect(await leftovers(), `after ${alone} and ${withAll} ms`).toEqual(before);
  }
  expect(found).toBeGreaterThan(0);
  expect(await sweep()).toEqual([]);
  expect(await run(['docker', ...whole]), 'a cluster that is whole stays').toBe(home);
});
