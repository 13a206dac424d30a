// What is shown while a run goes on: one line that is written over on a terminal, one plain line per ended case elsewhere.
import {
  type CaseState,
  countsOf,
  decidingAttempt,
  durationOf,
  isFlaky,
  type RunState,
  type Verdict,
  verdictOf,
} from '../../journal/index.ts';
import { duration } from '../failure-text.ts';
import { caseName } from '../junit-names.ts';
import { type Colour, paint, type Style } from './style.ts';
import { columns, fit, wrap } from './wrap.ts';

const eraseLine = '\r\u001b[2K';

export const marks: Record<Verdict, { readonly word: string; readonly colour: Colour }> = {
  passed: { word: 'pass', colour: 'green' },
  failed: { word: 'FAIL', colour: 'red' },
  error: { word: 'ERROR', colour: 'magenta' },
  skipped: { word: 'skip', colour: 'dim' },
};

/** Writes over itself, never wraps, and ends without a line break; `clearProgress` removes it before other lines. */
export function progressLine(style: Style, state: RunState): string {
  const { pass, fail, skip } = countsOf(state);
  const { error, notRun } = state.tally;
  const total = state.cases.size;
  const first = firstAttempts(state);
  // A case that is tried again stays done: progress never goes back.
  const done = total - notRun - first;
  const share = total === 0 ? 0 : Math.floor((done / total) * 1000) / 10;
  const numbers = `${done}/${total} (${share.toFixed(1)}%)  pass ${pass}  fail ${fail}  err ${error - first}  skip ${skip}`;
  const names = [...state.cases.values()].filter(({ progress }) => progress === 'running').map(caseName);
  const room = style.width - columns(numbers) - 3;
  const tail =
    names.length === 0 || room < 12
      ? ''
      : `  ${fit(names.length > 1 ? `${names.length} running: ${names[0]}` : `${names[0]}`, room)}`;
  return `${eraseLine}${fit(numbers + tail, style.width - 1)}`;
}

/** Cases that run for the first time. In the report they count as errors, in case the run dies; here they just run. */
function firstAttempts(state: RunState): number {
  let sum = 0;
  for (const item of state.cases.values()) {
    if (item.progress === 'running' && item.attempts.every(({ outcome }) => outcome === undefined)) sum += 1;
  }
  return sum;
}

export const clearProgress = eraseLine;

/** The line of a case that has just ended an attempt. */
export function caseLine(style: Style, item: CaseState): string[] {
  const attempt = item.attempts.findLast(({ outcome }) => outcome !== undefined);
  const verdict = attempt?.outcome?.verdict ?? verdictOf(item) ?? 'error';
  const { word, colour } = marks[verdict];
  const again = attempt !== undefined && attempt.attempt > 1 ? ` (attempt ${attempt.attempt})` : '';
  const flaky = isFlaky(item) ? ' FLAKY' : '';
  const took = attempt?.durationMs === undefined ? '' : ` ${unbroken(attempt.durationMs)}`;
  const reason = verdict === 'skipped' ? `: ${attempt?.outcome?.reason ?? 'no reason given'}` : '';
  const text = `${item.planned.campaign} ${caseName(item)}${again}${flaky}${took}${reason}`;
  const [first = '', ...rest] = wrap({ ...style, width: style.width - 6 }, text);
  return [
    `${paint(style, colour, word.padEnd(5))} ${first.trimStart()}`,
    ...rest.map((line) => `      ${line}`),
  ];
}

/** Time of the whole case, all attempts, for lists. */
export function caseTime(item: CaseState): string {
  return decidingAttempt(item)?.durationMs === undefined ? '' : unbroken(durationOf(item));
}

/** The number and its unit stay on one line. */
function unbroken(milliseconds: number): string {
  return duration(milliseconds).replaceAll(' ', '\u00a0');
}
