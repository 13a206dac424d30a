// How old a green run may be: a charter is run every night, and what was green last week proves nothing of today. It counts from the end:
// by its start, a night of three hours would be old each morning before the next one has ended.
import type { EnvironmentHead, RunHead } from '../store/index.ts';
import { ageWords, type StatusWords, statuses } from './html/words.ts';

/** As the alert CharterNotGreen of docs/samples has it. */
export const greenWithinMs = 26 * 3_600_000;

/** After so long without the end of another run an environment that never was green is taken for a misspelt name, or a first try. */
const triedWithinMs = 7 * 24 * 3_600_000;

/** One that was green once and is silent since has lost its runs: that is what it has to say, however long ago. */
export function isForgotten({ last, lastGreenAt }: EnvironmentHead, now: number): boolean {
  return last !== undefined && lastGreenAt === undefined && now - Date.parse(last.lastAt) > triedWithinMs;
}

export function isStale({ lastAt }: Pick<RunHead, 'lastAt'>, now: number): boolean {
  return now - Date.parse(lastAt) > greenWithinMs;
}

export function isGreen(last: RunHead | undefined, now: number): boolean {
  return last?.status === 'passed' && !isStale(last, now);
}

/** Of the last run of an environment: an old green has neither the word nor the colour of a fresh one. */
export function lastWords(last: RunHead, now: number): StatusWords {
  const words = statuses[last.status];
  if (last.status !== 'passed' || !isStale(last, now)) return words;
  return { short: `${words.short}, ${ageWords(now - Date.parse(last.lastAt))} old`, tone: 'notrun' };
}
