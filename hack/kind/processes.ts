// Processes of this machine, by their command lines.
import { readdirSync, readlinkSync } from 'node:fs';
import { textOf } from './host.ts';

/** In the environment of every command of a harness: its process id. A command outlives a harness that is killed alone. */
export const harnessVariable = 'CHARTER_HARNESS_PID';

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

/**
 * Commands of harnesses that are dead; not those that only remove something, nor what is a harness itself. In a container ids mean
 * other processes.
 */
export function orphans(): readonly Process[] {
  return processes().filter(({ pid, words }) => {
    const harness = textOf(`/proc/${pid}/environ`)
      .split('\0')
      .find((one) => one.startsWith(`${harnessVariable}=`))
      ?.slice(harnessVariable.length + 1);
    if (harness === undefined || isLivingHarness(harness) || isLivingHarness(`${pid}`)) return false;
    return isBesideUs(pid) && words[0] !== '' && !words.some((word) => removing.has(word));
  });
}

const removing: ReadonlySet<string> = new Set(['delete', 'rm', 'rmi']);

/** Not in another container. */
function isBesideUs(pid: number): boolean {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`) === readlinkSync('/proc/self/ns/pid');
  } catch {
    return false;
  }
}

/** Whether it is one of Node's: an id may belong to somebody else by now. */
export function isLivingHarness(pid: string): boolean {
  return /node/.test(wordsOf(pid)[0] ?? '');
}

/** Empty where there is none of that id. */
function wordsOf(pid: string): readonly string[] {
  return textOf(`/proc/${pid}/cmdline`).replace(/\0$/, '').split('\0');
}
