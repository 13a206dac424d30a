// The files that are made of a run's state once, from its journal.
import type { RunState } from '../journal/index.ts';
import { ctrfPath, writeCtrf, writeJunit } from '../report/index.ts';

export const formats = ['junit', 'ctrf', 'summary', 'terminal', 'all'] as const;
export type Format = (typeof formats)[number];

/** Returns the paths written. Throws CHR_REPORT_UNWRITABLE. */
export function writeReports(junitPath: string, state: RunState, format: Format): string[] {
  const written: string[] = [];
  if (format === 'all' || format === 'junit') {
    writeJunit(junitPath, state);
    written.push(junitPath);
  }
  if (format === 'all' || format === 'ctrf') {
    writeCtrf(ctrfPath(junitPath), state);
    written.push(ctrfPath(junitPath));
  }
  return written;
}
