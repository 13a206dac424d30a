// `make e2e-kind`: sets the scene, runs the named checks, and after a failure leaves one folder that tells why.
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { explain, seconds, timeSummary } from '../kind/action.ts';
import { collect } from '../kind/collect.ts';
import { declaredClusters, nodeNamesOf } from '../kind/declaration.ts';
import { down } from '../kind/down.ts';
import { inState, projectRoot } from '../kind/paths.ts';
import { hostSecrets } from './platform.ts';
import { setUp } from './setup.ts';
import { type Setting, settingVariable } from './world.ts';

const start = performance.now();
let setting: Setting | undefined;
let code = 1;
try {
  setting = await setUp();
  process.stderr.write(`ready for the first check after ${seconds(performance.now() - start)}\n`);
  code = await checks(setting, process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${explain(error).join('\n')}\n`);
}
process.stderr.write(`where the time of the set-up went:\n${timeSummary().join('\n')}\n`);
const folder = code === 0 ? undefined : await leaveFolder(setting);
if (process.env.KEEP === '0') await tearDown();
process.stdout.write(`e2e-kind: ${code === 0 ? 'green' : 'RED'}, ${seconds(performance.now() - start)}\n`);
// make has the last word after a failure.
if (folder !== undefined) process.stdout.write(`what was seen lies in ${folder}\n`);
process.exitCode = code;

/** The exit code of vitest. */
function checks(given: Setting, words: readonly string[]): Promise<number> {
  const vitest = join(projectRoot, 'node_modules', 'vitest', 'vitest.mjs');
  const config = join(projectRoot, 'vitest.e2e.config.ts');
  const child = spawn(process.execPath, [vitest, 'run', '--config', config, ...words], {
    cwd: projectRoot,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, [settingVariable]: JSON.stringify(given) },
  });
  return new Promise((resolve) => child.once('exit', (exit) => resolve(exit ?? 1)));
}

function leaveFolder(given: Setting | undefined): Promise<string> {
  const [declared] = declaredClusters(['home']);
  const kubeconfig = given?.kubeconfig ?? inState('home.kubeconfig');
  const nodes = given?.nodes ?? (declared === undefined ? [] : nodeNamesOf(declared));
  return collect([{ name: 'home', kubeconfig, nodes }], Object.values(given?.secrets ?? hostSecrets()));
}

async function tearDown(): Promise<void> {
  await down(declaredClusters(['home']));
  rmSync(inState('images'), { recursive: true, force: true });
}
