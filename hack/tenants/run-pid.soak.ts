// `make run-pid` and `make stop` as processes, with the real operator, whose home cluster answers nothing but 503.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  answerJson,
  eventually,
  type ScriptedServer,
  scriptedServer,
} from '../../runner/kube/testing/index.ts';
import { program } from './program.ts';

let state: string;
let home: ScriptedServer;
beforeEach(async () => {
  state = mkdtempSync(join(tmpdir(), 'charter-run-pid-'));
  home = await scriptedServer((_, response) => answerJson(response, 503, { kind: 'Status', code: 503 }));
});
afterEach(async () => {
  await stop();
  await home[Symbol.asyncDispose]();
  rmSync(state, { recursive: true });
});

const withHome = () => writeFileSync(join(state, 'home.kubeconfig'), home.kubeconfig);
const pidFile = () => join(state, 'tenants', 'operator.pid');
const anyPort = ['--metrics-port', '0', '--health-port', '0'];
const start = () => program(state, 'run-pid.ts', 'start', ...anyPort);
const stop = () => program(state, 'run-pid.ts', 'stop');
const pidIn = (said: string): number => Number(/process (\d+),/.exec(said)?.[1]);
const atWork = () => eventually(() => home.asked.some((asked) => asked.includes('/leases/')));
/** One that has ended stays a zombie until somebody has heard of it. */
const isRunning = (pid: number) => {
  const stat = `/proc/${pid}/stat`;
  return existsSync(stat) && !/\) Z /.test(readFileSync(stat, 'utf8'));
};

test('K59 it starts the operator against the home cluster, once; stop ends it, and both may be asked for again', {
  timeout: 60_000,
}, async () => {
  withHome();
  const first = await start();
  expect(first).toMatchObject({ code: 0, stderr: '' });
  expect(first.stdout).toMatch(/^operator: started, process \d+, log in .*operator\.log\n$/);
  const pid = pidIn(first.stdout);
  await atWork();
  expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')).toContain('operator');

  const second = await start();
  expect(second.stdout).toMatch(/^operator: running already, /);
  expect(pidIn(second.stdout)).toBe(pid);

  expect(await stop()).toEqual({ code: 0, stdout: 'operator: ended by itself\n', stderr: '' });
  expect(isRunning(pid)).toBe(false);
  expect(existsSync(pidFile())).toBe(false);
  expect(await stop()).toEqual({ code: 0, stdout: 'operator: was not running\n', stderr: '' });
});

test('K59 one that has died is started anew, and its PID file stops nobody', {
  timeout: 60_000,
}, async () => {
  withHome();
  const dead = pidIn((await start()).stdout);
  process.kill(dead, 'SIGKILL');
  await eventually(() => !isRunning(dead));
  expect((await stop()).stdout).toBe('operator: was not running\n');

  const other = pidIn((await start()).stdout);
  process.kill(other, 'SIGKILL');
  await eventually(() => !isRunning(other));
  const again = await start();
  expect(again.stdout).toMatch(/^operator: started, /);
  expect(pidIn(again.stdout)).not.toBe(other);
});

test('K59 one that ends at once is told with its own last words', { timeout: 60_000 }, async () => {
  withHome();
  const { code, stdout, stderr } = await program(state, 'run-pid.ts', 'start', '--no-such-flag');
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/^the operator has ended at once:\n.*--no-such-flag/s);
  expect(await stop()).toEqual({ code: 0, stdout: 'operator: was not running\n', stderr: '' });
});

test('K59 without a home cluster nothing is started, and it says what makes one', async () => {
  const { code, stdout, stderr } = await start();
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toBe('there is no home cluster: make kind-up CLUSTERS="home remote-a"\n');
  expect(existsSync(pidFile())).toBe(false);
});

test('another word than start or stop is refused', async () => {
  const { code, stderr } = await program(state, 'run-pid.ts', 'restart');
  expect({ code, stderr }).toEqual({ code: 1, stderr: 'restart: give start or stop\n' });
});
