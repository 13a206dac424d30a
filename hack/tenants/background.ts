// A process that outlives the command that started it: its id in a file, its end by TERM, then by KILL. Both can be asked for twice.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as after } from 'node:timers/promises';

export interface Background {
  readonly pidFile: string;
  readonly logFile: string;
  /** Program and arguments. */
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export type Started = { readonly was: 'started' | 'running already'; readonly pid: number };
export type Stopped = 'was not running' | 'ended by itself' | 'killed';

/** How long TERM has before KILL. */
export const patienceMs = 5_000;

export function start({ pidFile, logFile, command, env = {} }: Background): Started {
  const running = runningPid(pidFile);
  if (running !== undefined) return { was: 'running already', pid: running };
  const log = openSync(logFile, 'a', 0o600);
  try {
    const [program = '', ...words] = command;
    const child = spawn(program, words, {
      detached: true,
      stdio: ['ignore', log, log],
      env: { ...process.env, ...env },
    });
    child.unref();
    if (child.pid === undefined) throw new Error(`${program} cannot be started`);
    writeFileSync(pidFile, `${child.pid} ${startOf(child.pid)}\n`);
    return { was: 'started', pid: child.pid };
  } finally {
    closeSync(log);
  }
}

/** TERM, up to 5 s, KILL; the file is gone afterwards. */
export async function stop(pidFile: string, { patience = patienceMs } = {}): Promise<Stopped> {
  const pid = runningPid(pidFile);
  if (pid === undefined) {
    rmSync(pidFile, { force: true });
    return 'was not running';
  }
  process.kill(pid, 'SIGTERM');
  let end: Stopped = 'ended by itself';
  if (!(await ended(pidFile, patience))) {
    process.kill(pid, 'SIGKILL');
    end = 'killed';
    await ended(pidFile, patience);
  }
  rmSync(pidFile, { force: true });
  return end;
}

/** Has it ended, or does it so within this time? */
export async function ended(pidFile: string, withinMs: number): Promise<boolean> {
  const end = performance.now() + withinMs;
  while (runningPid(pidFile) !== undefined) {
    if (performance.now() > end) return false;
    await after(50);
  }
  return true;
}

/** Ids are used again: only a process that began when the file says is the one. */
function runningPid(pidFile: string): number | undefined {
  if (!existsSync(pidFile)) return undefined;
  const [pid = '', began] = readFileSync(pidFile, 'utf8').trim().split(' ');
  return /^\d+$/.test(pid) && began !== undefined && startOf(Number(pid)) === began ? Number(pid) : undefined;
}

/** Clock ticks from boot to its start; `gone` for one that is no more, or has ended and waits to be reaped. */
function startOf(pid: number): string {
  try {
    // The program's name is in parentheses and may hold anything.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return fields[0] === 'Z' ? 'gone' : (fields[19] ?? 'gone');
  } catch {
    return 'gone';
  }
}
