// Temp folders that name their maker, so that what a killed one left can be told from what is in use.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The process id stands in the name. */
export const temporaryPattern = /^charter-kind-[a-z-]+-(\d+)-/;

export function temporaryFolder(purpose: string): string {
  return mkdtempSync(join(tmpdir(), `charter-kind-${purpose}-${process.pid}-`));
}
