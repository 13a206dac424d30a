// `make e2e-kind`: sets the scene, runs the named checks, and after a failure leaves one folder that tells why.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { explain, seconds, timeSummary } from '../kind/action.ts';
import { collect, sourceOf, usedSince } from '../kind/collect.ts';
import { type Cluster, declaredClusters } from '../kind/declaration.ts';
import { down } from '../kind/down.ts';
import { inState, projectRoot } from '../kind/paths.ts';
import { leftOutLine } from './left-out.ts';
import { hostSecrets } from './platform.ts';
import { runChecks } from './run-checks.ts';
import { setUp } from './setup.ts';
import { type Setting, settingVariable } from './world.ts';

const began = Date.now();
const start = performance.now();
let setting: Setting | undefined;
let code = 1;
try {
  setting = await setUp();
  process.stderr.write(`ready for the first check after ${seconds(performance.now() - start)}\n`);
  code = await runChecks({
    config: join(projectRoot, 'vitest.e2e.config.ts'),
    words: process.argv.slice(2),
    env: { [settingVariable]: JSON.stringify(setting) },
  });
} catch (error) {
  process.stderr.write(`${explain(error).join('\n')}\n`);
}
process.stderr.write(`where the time of the set-up went:\n${timeSummary().join('\n')}\n`);
const folder = code === 0 ? undefined : await leaveFolder(setting);
if (process.env.KEEP === '0') await tearDown();
process.stdout.write(`e2e-kind: ${code === 0 ? 'green' : 'RED'}, ${seconds(performance.now() - start)}\n`);
const line = leftOutLine(process.argv.slice(2), process.env.CHARTER_E2E);
if (line !== undefined) process.stdout.write(`${line}\n`);
// make has the last word after a failure.
if (folder !== undefined) process.stdout.write(`what was seen lies in ${folder}\n`);
process.exitCode = code;

/** Home also where this run did not come to it: its nodes may tell why. Those of a making that failed have told it, and are gone. */
function usedClusters(): readonly Cluster[] {
  const sources = declaredClusters().map((cluster) => sourceOf(cluster));
  const others = usedSince(began, sources).filter(({ name }) => name !== 'home');
  return declaredClusters(['home', ...others.map(({ name }) => name)]);
}

function leaveFolder(given: Setting | undefined): Promise<string> {
  const sources = usedClusters().map((cluster) => sourceOf(cluster));
  return collect(sources, Object.values(given?.secrets ?? hostSecrets()));
}

async function tearDown(): Promise<void> {
  await down(usedClusters());
  rmSync(inState('images'), { recursive: true, force: true });
}
