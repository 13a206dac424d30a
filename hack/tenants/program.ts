// For tests: a program of this folder as a process, with a state folder of its own in place of .kind/.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

export interface ProgramEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export async function program(state: string, file: string, ...words: readonly string[]): Promise<ProgramEnd> {
  const child = spawn(process.execPath, ['--no-warnings', join(import.meta.dirname, file), ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, CHARTER_KIND_STATE: state },
  });
  const [[code], stdout, stderr] = await Promise.all([
    once(child, 'exit') as Promise<[number | null]>,
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code, stdout, stderr };
}
