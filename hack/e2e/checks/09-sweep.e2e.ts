// A harness killed at any point of its work leaves nothing that its sweep does not find.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from '../../kind/command.ts';
import { kindName } from '../../kind/declaration.ts';
import { nodeLabel } from '../../kind/idle.ts';
import { projectRoot } from '../../kind/paths.ts';
import { sweep } from '../../kind/sweep.ts';
import { baseArchive } from '../images.ts';
import { leftovers } from '../leftovers.ts';
import { type LoneNode, loneNode } from '../lone-node.ts';
import { type OwnClusters, ownClusters } from '../own-clusters.ts';

/** Clusters that nobody else makes: kept ones would be found whole. */
const names = ['killed-alone', 'killed-with-all'] as const;

let own: OwnClusters;
let node: LoneNode;
let base = '';
beforeAll(async () => {
  own = ownClusters(...names.map((name) => ({ name, role: 'remote' }) as const));
  [node, base] = await Promise.all([loneNode(), baseArchive()]);
});
afterAll(() => Promise.all([own.remove(), node.remove()]));

type Work = 'up' | 'build' | 'run' | 'load' | 'bake';
type How = 'alone' | 'with all';

/** Program and arguments of a harness that does only that. */
function harness(work: Work, how: How): readonly string[] {
  const hack = (...path: string[]) => join(projectRoot, 'hack', ...path);
  if (work === 'up') return [hack('kind', 'main.ts'), 'up', names[how === 'alone' ? 0 : 1]];
  const given = { build: [], run: [], load: [base, node.name], bake: [node.bakery, node.image] };
  return [hack('e2e', 'killed.ts'), work, ...given[work]];
}

/** Kills it after so many milliseconds: the harness alone, or with all it started. */
async function kill(how: How, work: Work, ms: number): Promise<void> {
  const child = spawn(process.execPath, ['--no-warnings', ...harness(work, how)], {
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
  if (isAlive) process.kill(how === 'alone' ? pid : -pid, 'SIGKILL');
  await gone;
  child.stderr.destroy();
  expect(isAlive, `${work} after ${ms} ms: ${said}`).toBe(true);
}

/** What is killed alone, and with all it started, each after so many milliseconds. */
const kills = [
  ['up', 700, 'build', 1_800],
  ['run', 2_500, 'up', 1_000],
  ['bake', 2_500, 'build', 3_500],
  ['load', 1_500, 'bake', 4_500],
  ['up', 9_000, 'load', 2_000],
] as const;

test('ten kills of the harness at ten points: the sweep leaves nothing of what they left, and all that is whole', async () => {
  const whole = ['ps', '-q', '--filter', `label=${nodeLabel}=${kindName('home')}`];
  const home = await run(['docker', ...whole]);
  await sweep();
  const before = await leftovers(names);
  expect(before).toMatchObject({ containers: [], folders: [], halves: [], processes: [], working: '' });
  const swept: string[] = [];
  for (const [first, firstMs, second, secondMs] of kills) {
    // Both die at the same moment: the engine may still carry out what they have asked of it when the sweep begins.
    const last = Math.max(firstMs, secondMs);
    await Promise.all([
      sleep(last - firstMs).then(() => kill('alone', first, firstMs)),
      sleep(last - secondMs).then(() => kill('with all', second, secondMs)),
    ]);
    swept.push(...(await sweep()));
    expect(await leftovers(names), `after ${first} and ${second}`).toEqual(before);
  }
  // Each kind of work was under way.
  for (const one of [/ of cluster charter-killed/, /^container \w+$/, /^working container/, /kind-load/])
    expect(swept).toContainEqual(expect.stringMatching(one));
  expect(await sweep()).toEqual([]);
  expect(await run(['docker', ...whole]), 'a cluster that is whole stays').toBe(home);
  expect(await node.imports(), 'what is imported into a node').toEqual([]);
});
