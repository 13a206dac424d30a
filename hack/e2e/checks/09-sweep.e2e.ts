// A harness killed at any point leaves nothing that its sweep does not find.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from '../../kind/command.ts';
import { nodeLabel } from '../../kind/idle.ts';
import { label, projectRoot } from '../../kind/paths.ts';
import { sweep } from '../../kind/sweep.ts';
import { temporaryPattern } from '../../kind/temporary.ts';

const cluster = 'remote-b';

/** Containers of the cluster, the harness' networks, dangling volumes, its temp folders. */
async function leftovers() {
  const lines = async (...words: string[]) => (await run(['docker', ...words])).split('\n').filter(Boolean);
  const living = (pid: string) => readdirSync('/proc').includes(pid);
  return {
    containers: await lines('ps', '-aq', '--filter', `label=${nodeLabel}=charter-${cluster}`),
    networks: await lines('network', 'ls', '-q', '--filter', `label=${label}=network`),
    volumes: (await lines('volume', 'ls', '-q', '--filter', 'dangling=true')).length,
    folders: readdirSync(tmpdir()).filter((name) => {
      const pid = temporaryPattern.exec(name)?.[1];
      return pid !== undefined && !living(pid);
    }),
  };
}

/** Kills the harness alone, or with all it started. */
async function killedAfter(ms: number, whom: 'alone' | 'group'): Promise<void> {
  const main = join(projectRoot, 'hack', 'kind', 'main.ts');
  const child = spawn(process.execPath, ['--no-warnings', main, 'up', cluster], {
    detached: true,
    stdio: 'ignore',
  });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  await new Promise((resolve) => setTimeout(resolve, ms));
  const pid = child.pid ?? 0;
  if (child.exitCode === null) process.kill(whom === 'group' ? -pid : pid, 'SIGKILL');
  await gone;
}

test('ten kills of the harness at ten moments: the sweep leaves nothing of what they left, and all that is whole', async () => {
  const whole = ['ps', '-q', '--filter', `label=${nodeLabel}=charter-home`];
  const home = await run(['docker', ...whole]);
  await sweep();
  const before = await leftovers();
  const moments = [150, 400, 700, 1_000, 1_500, 2_200, 3_200, 4_500, 6_500, 9_000];
  let found = 0;
  for (const [index, ms] of moments.entries()) {
    await killedAfter(ms, index % 2 === 0 ? 'group' : 'alone');
    found += (await sweep()).length;
    expect(await leftovers(), `after ${ms} ms`).toEqual({
      ...before,
      containers: [],
      folders: [],
    });
  }
  expect(found).toBeGreaterThan(0);
  expect(await sweep()).toEqual([]);
  expect(await run(['docker', ...whole]), 'a cluster that is whole stays').toBe(home);
});
