// What the files of a run are called: who writes one beside them has to know before the run has begun.
import { hostname } from 'node:os';

/** `charter-<host>-<time>`. */
export function runName(): string {
  const time = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
  return `charter-${hostname()}-${time}`;
}
