// Processes of this machine, by their command lines.
import { readdirSync } from 'node:fs';
import { textOf } from './host.ts';

export interface Process {
  readonly pid: number;
  /** Program and arguments. */
  readonly words: readonly string[];
}

export function processes(): readonly Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => ({ pid: Number(pid), words: wordsOf(pid) }));
}

/** Whether it is one of Node's: an id may belong to somebody else by now. */
export function isLivingHarness(pid: string): boolean {
  return /node/.test(wordsOf(pid)[0] ?? '');
}

/** Empty where there is none of that id. */
function wordsOf(pid: string): readonly string[] {
  return textOf(`/proc/${pid}/cmdline`).split('\0');
}
