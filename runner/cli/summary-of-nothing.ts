// A run that never began still ends its log with the line that everyone looks for.
export function printSummaryOfNothing(): void {
  process.stdout.write('[charter-runner] SUMMARY tests=0 pass=0 fail=0 err=0 skip=0\n');
}
