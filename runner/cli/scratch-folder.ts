// The one folder below which a process writes what is temporary. A process that was killed removes nothing, and in a Pod its folder outlives it: the
// next one takes it away.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

export interface ScratchOptions {
  /** Of the system's temporary files. */
  readonly parent: string;
  /** Of the folders of all processes of this kind, e.g. `tenant-operator`. */
  readonly kind: string;
  /** A container's own name: pids of another one say nothing here. */
  readonly host: string;
  readonly pid: number;
  readonly isAlive: (pid: number) => boolean;
}

/** Empty, and named by the process. Those of ended processes are removed; one that had the same pid has ended. */
export function scratchFolder({ parent, kind, host, pid, isAlive }: ScratchOptions): string {
  const prefix = `${kind}-${host}-`;
  for (const name of readdirSync(parent)) {
    const owner = name.startsWith(prefix)
      ? /^(\d+)-[A-Za-z0-9]{6}$/.exec(name.slice(prefix.length))?.[1]
      : undefined;
    if (owner === undefined || (Number(owner) !== pid && isAlive(Number(owner)))) continue;
    try {
      rmSync(join(parent, name), { recursive: true, force: true });
    } catch {
      // Of another user, who has it removed.
    }
  }
  return mkdtempSync(join(parent, `${prefix}${pid}-`));
}

/** On this machine, whoever it belongs to. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
