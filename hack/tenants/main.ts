// `make e2e-tenants`: brings the scene up and runs campaign TEN against it. Words are flags of `charter run`, e.g. --case 9.1.
import { spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { stringify } from 'yaml';
import { evidenceVariable } from '../../suites/tenants/evidence.ts';
import { worldVariable } from '../../suites/tenants/world.ts';
import { action, explain, seconds, timeSummary } from '../kind/action.ts';
import { collect, sourceOf } from '../kind/collect.ts';
import { declaredClusters } from '../kind/declaration.ts';
import { failureFolder } from '../kind/failure-folder.ts';
import { inState, projectRoot } from '../kind/paths.ts';
import { charter } from './charter.ts';
import { keepRun, secretsOf } from './keep-run.ts';
import { inPromisedTime } from './promised.ts';
import { bringUp, type Scene } from './scene.ts';
import { sceneVariable } from './world.ts';

const start = performance.now();
const since = Date.now();
const out = join(projectRoot, 'charter-out', 'tenants');
const evidence = join(out, 'evidence');
let scene: Scene | undefined;
let code = 1;
try {
  scene = await action('the scene of Tenants', bringUp);
  process.stderr.write(`ready for the first scenario after ${seconds(performance.now() - start)}\n`);
  code = await inPromisedTime(process.argv.slice(2), campaign(scene, process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`${explain(error).join('\n')}\n`);
}
process.stderr.write(`where the time of the scene went:\n${timeSummary().join('\n')}\n`);
if (code !== 0 && scene !== undefined) {
  const sources = declaredClusters(Object.keys(scene.kubeconfigs)).map((cluster) => sourceOf(cluster));
  const secrets = secretsOf(scene.secrets);
  // First: of what is too much for one folder, the run's own words stay.
  keepRun(out, failureFolder(), { since, secrets });
  process.stdout.write(`what was seen lies in ${await collect(sources, secrets)}\n`);
}
process.stdout.write(`e2e-tenants: ${code === 0 ? 'green' : 'RED'}, ${seconds(performance.now() - start)}\n`);
process.exitCode = code;

/** The exit code of `charter run`. */
function campaign(given: Scene, words: readonly string[]): Promise<number> {
  const config = inState('tenants', 'charter.yaml');
  writeFileSync(config, stringify(charter));
  rmSync(evidence, { recursive: true, force: true });
  const folders = ['--suites', join(projectRoot, 'suites', 'tenants'), '--out', out];
  const main = join(projectRoot, 'runner', 'cli', 'charter.mjs');
  const child = spawn(
    process.execPath,
    ['--no-warnings', main, 'run', '--config', config, ...folders, ...words],
    {
      cwd: projectRoot,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: {
        ...process.env,
        [worldVariable]: pathToFileURL(join(import.meta.dirname, 'world.ts')).href,
        [sceneVariable]: JSON.stringify(given),
        [evidenceVariable]: evidence,
      },
    },
  );
  return new Promise((resolve) => child.once('exit', (exit) => resolve(exit ?? 1)));
}
