// Starts a Docker engine where none runs and the user is root; where one answers, nothing happens.
import { spawn } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, openSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { action } from '../action.ts';
import { attempt, run } from '../command.ts';
import { holdsSysResource, textOf } from '../host.ts';
import { cacheFolder } from '../paths.ts';
import { harnessVariable } from '../processes.ts';

const state = join(cacheFolder, 'engine');
const log = join(state, 'dockerd.log');
const startMs = 30_000;

export async function startEngine(): Promise<'running' | 'started'> {
  if (await answers()) return 'running';
  // A busy engine may be slow to answer, and a second one beside it would take its socket away.
  for (let waited = 0; waited < startMs && isRunning(); waited += 1_000) {
    await sleep(1_000);
    if (await answers()) return 'running';
  }
  if (isRunning())
    throw new Error(
      'a dockerd runs and does not answer: is the machine busy? See its log, or end it by its pid',
    );
  if (process.getuid?.() !== 0)
    throw new Error('no Docker engine answers, and only root can start one: ask for it, or run as root');
  await action('start a Docker engine', start);
  return 'started';
}

/** Ends the engine that startEngine started, and no other. */
export async function stopEngine(): Promise<'stopped' | 'none of ours'> {
  const pid = Number(textOf(join(state, 'dockerd.pid')));
  if (!Number.isInteger(pid) || pid <= 1 || !textOf(`/proc/${pid}/cmdline`).startsWith('dockerd'))
    return 'none of ours';
  process.kill(pid, 'SIGTERM');
  for (let waited = 0; waited < startMs && textOf(`/proc/${pid}/cmdline`) !== ''; waited += 100)
    await sleep(100);
  return 'stopped';
}

const answers = async (): Promise<boolean> =>
  (await attempt(['docker', 'info', '--format', '{{.ServerVersion}}'], { timeoutMs: 15_000 })).code === 0;

function isRunning(): boolean {
  return readdirSync('/proc').some((pid) => /^\d+$/.test(pid) && textOf(`/proc/${pid}/comm`) === 'dockerd\n');
}

async function start(): Promise<void> {
  await install();
  mkdirSync(state, { recursive: true });
  // The engine outlives this checkout, and so must its runtime.
  const shim = join(state, 'runc-shim');
  copyFileSync(join(import.meta.dirname, 'runc-shim'), shim);
  chmodSync(shim, 0o755);
  rmSync('/var/run/docker.pid', { force: true });
  const output = openSync(log, 'w');
  const runtime = ['--add-runtime', `charter=${shim}`, '--default-runtime', 'charter'];
  const pidFile = ['--pidfile', join(state, 'dockerd.pid')];
  rmSync(join(state, 'dockerd.pid'), { force: true });
  const engine = spawn('dockerd', [...(holdsSysResource() === true ? [] : runtime), ...pidFile], {
    detached: true,
    stdio: ['ignore', output, output],
    // It outlives every harness.
    env: { ...process.env, [harnessVariable]: undefined },
  });
  let ended = false;
  engine.once('exit', () => {
    ended = true;
  });
  for (let waited = 0; waited < startMs && !ended; waited += 200) {
    if (await answers()) {
      engine.unref();
      return;
    }
    await sleep(200);
  }
  throw new Error(`dockerd did not start:\n${textOf(log).split('\n').slice(-15).join('\n')}`);
}

/** Where CI is set, what is missing is brought; a person is told the command instead. */
async function install(): Promise<void> {
  const wanted = { dockerd: 'docker.io', jq: 'jq', iptables: 'iptables' };
  const missing: string[] = [];
  for (const [name, debian] of Object.entries(wanted))
    if ((await attempt(['sh', '-c', `command -v ${name}`])).code !== 0) missing.push(debian);
  if (missing.length === 0) return;
  const command = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  if (process.env.CI === undefined) throw new Error(`missing: ${missing.join(', ')}. On Debian: ${command}`);
  await run(['sh', '-c', `apt-get update -qq && DEBIAN_FRONTEND=noninteractive ${command}`]);
}
