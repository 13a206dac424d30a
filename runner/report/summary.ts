// The last line of every run. People grep it and CI parses it, so its form never changes.
import { countsOf, type RunState } from '../journal/index.ts';

export function summaryLine(state: RunState): string {
  const { tests, pass, fail, err, skip } = countsOf(state);
  return `[charter-runner] SUMMARY tests=${tests} pass=${pass} fail=${fail} err=${err} skip=${skip}`;
}
