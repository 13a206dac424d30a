// Which checks a run of `make e2e-kind` leaves out, unless it is told otherwise: eight minutes are promised for those of the chart.
import { globSync } from 'node:fs';
import { basename, join, matchesGlob } from 'node:path';

const beyondChart = ['**/10-*', '**/11-*', '**/12-*'];
const beyondCi = ['**/10-network-defects*'];

/** Globs. `wanted` is CHARTER_E2E; a file that the words name is run whatever that says. */
export function leftOut(words: readonly string[], wanted: string | undefined): readonly string[] {
  if (words.some((word) => /1[0-2]-/.test(word)) || wanted === 'all') return [];
  return wanted === 'ci' ? beyondCi : beyondChart;
}

/** One line that names them and says how to run them; none where all are run. */
export function leftOutLine(words: readonly string[], wanted: string | undefined): string | undefined {
  const globs = leftOut(words, wanted);
  const files = globSync(join(import.meta.dirname, 'checks', '*.e2e.ts'))
    .filter((file) => globs.some((glob) => matchesGlob(file, glob)))
    .map((file) => basename(file, '.e2e.ts'))
    .toSorted();
  const [first] = files;
  if (first === undefined) return undefined;
  const how = `one by its name (make e2e-kind ARGS=hack/e2e/checks/${first}), all by CHARTER_E2E=all`;
  return `left out: ${files.join(', ')}; ${how}`;
}
