// One command of the host: what it printed, or an error that shows the command, its output and the likely fix.
import { $, type ProcessOutput } from 'zx';
import { fixFor } from './fixes.ts';
import { harnessVariable } from './processes.ts';

$.quiet = true;

export interface CommandOptions {
  readonly input?: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds until the command is killed; none when not given. */
  readonly timeoutMs?: number;
}

export interface CommandEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `output` is what the command printed, `fix` one line on what to do about it, where that is known. */
export class CommandError extends Error {
  readonly command: string;
  readonly output: string;
  readonly fix: string | undefined;

  constructor(command: string, code: number | null, output: string) {
    super(`${command}: exit code ${code ?? 'none, killed'}`);
    this.command = command;
    this.output = output.trim().split('\n').slice(-30).join('\n');
    this.fix = fixFor(output);
  }
}

/**
 * A bash whose stdin is a socket, as Node's pipes are, takes itself for one started by rshd and reads ~/.bashrc: whatever stands in
 * there would run before every command. Deeper shells do not.
 */
const deeperShell = { SHLVL: '2' };

/** Ends well whatever the exit code is. */
export async function attempt(words: readonly string[], options: CommandOptions = {}): Promise<CommandEnd> {
  const { exitCode, stdout, stderr }: ProcessOutput = await $({
    nothrow: true,
    ...(options.input === undefined ? { stdio: ['ignore', 'pipe', 'pipe'] } : { input: options.input }),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.timeoutMs === undefined ? {} : { timeout: options.timeoutMs, timeoutSignal: 'SIGKILL' }),
    env: { ...process.env, ...deeperShell, [harnessVariable]: `${process.pid}`, ...options.env },
  })`${words}`;
  return { code: exitCode, stdout, stderr };
}

/** Standard output, without the newline at its end. */
export async function run(words: readonly string[], options: CommandOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await attempt(words, options);
  if (code !== 0) throw new CommandError(words.join(' '), code, `${stdout}\n${stderr}`);
  return stdout.trimEnd();
}

/** One bash line, for pipes. */
export async function shell(script: string, options: CommandOptions = {}): Promise<string> {
  return run(['bash', '-euo', 'pipefail', '-c', script], options);
}
