// The last line of every run, also of one that never began: for whoever reads the log, and for `kubectl describe pod`.
import { writeFileSync } from 'node:fs';

export function printSummaryLine(line: string): void {
  const file = process.env.CHARTER_TERMINATION_LOG;
  if (file !== undefined && file !== '') {
    try {
      writeFileSync(file, `${line}\n`);
    } catch (error) {
      const { code = 'unknown' } = error as NodeJS.ErrnoException;
      process.stderr.write(`the termination message could not be written to ${file} (${code})\n`);
    }
  }
  process.stdout.write(`${line}\n`);
}

/** Here and not from the report, which takes long to load and has nothing to count. */
export function printSummaryOfNothing(): void {
  printSummaryLine('[charter-runner] SUMMARY tests=0 pass=0 fail=0 err=0 skip=0');
}
