// `make run-pid` and `make stop`: the operator as a process of this machine, against the home cluster, for those who work on it.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { explain } from '../kind/action.ts';
import { inState, projectRoot } from '../kind/paths.ts';
import { ended, start, stop } from './background.ts';

const pidFile = inState('tenants', 'operator.pid');
const logFile = inState('tenants', 'operator.log');
const [command = 'start', ...flags] = process.argv.slice(2);
/** An operator that refuses its flags or its cluster does so within this time. */
const firstMs = 2_000;
const say = (text: string): void => void process.stdout.write(`${text}\n`);

try {
  if (command === 'stop') say(`operator: ${await stop(pidFile)}`);
  else if (command === 'start') await startOperator();
  else throw new Error(`${command}: give start or stop`);
} catch (error) {
  process.stderr.write(`${explain(error).join('\n')}\n`);
  process.exitCode = 1;
}

async function startOperator(): Promise<void> {
  const kubeconfig = inState('home.kubeconfig');
  if (!existsSync(kubeconfig))
    throw new Error('there is no home cluster: make kind-up CLUSTERS="home remote-a"');
  const main = join(projectRoot, 'runner', 'cli', 'charter.mjs');
  const { was, pid } = start({
    ...{ pidFile, logFile },
    command: [process.execPath, '--no-warnings', main, 'operator', 'tenants', ...flags],
    env: { KUBECONFIG: kubeconfig },
  });
  if (was === 'started' && (await ended(pidFile, firstMs))) {
    const words = readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-3);
    throw new Error(`the operator has ended at once:\n${words.join('\n')}`);
  }
  say(`operator: ${was}, process ${pid}, log in ${logFile}`);
}
