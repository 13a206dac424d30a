// Peak memory of all processes of a run, beside plain vitest without isolation on the same cases.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ratio, table } from './measure.ts';
import { main, sample, vitest } from './sample.ts';

/** Sum over the process and its descendants of the memory that is theirs alone, largest seen, in MiB. */
function peak(args: readonly string[], cwd: string): Promise<number> {
  return new Promise((resolve) => {
    const env = { ...process.env, CHARTER_EMBEDDED: 'true' };
    const child = spawn(process.execPath, args, { cwd, env, stdio: 'ignore' });
    let most = 0;
    const timer = setInterval(() => {
      most = Math.max(
        most,
        familyOf(child.pid ?? 0).reduce((sum, pid) => sum + privateMiB(pid), 0),
      );
    }, 50);
    child.once('close', () => {
      clearInterval(timer);
      resolve(most);
    });
  });
}

function familyOf(root: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const parent = /^PPid:\s+(\d+)/m.exec(read(`/proc/${name}/status`))?.[1];
    if (parent !== undefined) parents.set(Number(name), Number(parent));
  }
  const isMember = (pid: number): boolean =>
    pid === root || (parents.has(pid) && isMember(parents.get(pid) ?? 0));
  return [...parents.keys()].filter((pid) => pid > 1 && isMember(pid));
}

function privateMiB(pid: number): number {
  const rollup = read(`/proc/${pid}/smaps_rollup`);
  const pages = [...rollup.matchAll(/^Private_(?:Clean|Dirty):\s+(\d+) kB/gm)];
  return pages.reduce((sum, [, kB]) => sum + Number(kB) / 1_024, 0);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

export async function benchMemory(): Promise<void> {
  const rows: string[][] = [];
  for (const [files, each] of [
    [10, 100],
    [100, 1_000],
  ] as const) {
    const { home, charter, remove } = sample(files, each);
    const ours = await peak(['--no-warnings', main, ...charter], home);
    const flags = ['--isolate=false', '--maxWorkers=1', '--no-file-parallelism', '--reporter=dot'];
    const plain = await peak([vitest, 'run', '--root', home, '--dir', join(home, 'plain'), ...flags], home);
    rows.push([
      `${files * each} cases`,
      `${ours.toFixed(0)} MiB`,
      `${plain.toFixed(0)} MiB`,
      `${(ours - plain).toFixed(0)} MiB`,
      ratio(ours, plain),
    ]);
    remove();
  }
  table(
    'memory: all processes of a run beside vitest without isolation',
    ['run', 'charter', 'vitest', 'difference', 'ratio'],
    rows,
  );
}
