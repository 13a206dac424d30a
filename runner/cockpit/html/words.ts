// How facts are said: the same words on every page, in the widget, the badge and the title of the window.
import type { CaseLine, RunHead, RunStatus } from '../../store/index.ts';

export interface StatusWords {
  /** One or two words, for a badge. */
  readonly short: string;
  /** The colour and the mark: class names of the stylesheet. */
  readonly tone: Tone;
}

export type Tone = 'passed' | 'failed' | 'error' | 'skipped' | 'flaky' | 'running' | 'notrun';

export const statuses: Readonly<Record<RunStatus, StatusWords>> = {
  passed: { short: 'passed', tone: 'passed' },
  failed: { short: 'failed', tone: 'failed' },
  errors: { short: 'errors', tone: 'error' },
  'nothing-proven': { short: 'nothing proven', tone: 'skipped' },
  usage: { short: 'refused', tone: 'error' },
  unwritten: { short: 'not written', tone: 'error' },
  interrupted: { short: 'interrupted', tone: 'error' },
  aborted: { short: 'aborted', tone: 'error' },
  running: { short: 'running', tone: 'running' },
};

/** A case of a run: what passed at last is flaky, and what is being tried has no result yet. */
export function caseWords({
  verdict,
  isFlaky,
  isRunning,
}: Pick<CaseLine, 'verdict' | 'isFlaky' | 'isRunning'>): StatusWords {
  if (isFlaky) return { short: 'flaky', tone: 'flaky' };
  if (verdict !== undefined) return { short: verdict, tone: verdict };
  return isRunning ? { short: 'running', tone: 'running' } : { short: 'not run', tone: 'notrun' };
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** Made once: a number that is asked for its local form makes one each time, which was a fifth of a page. */
const groups = new Intl.NumberFormat('en-GB');

/** 10000 as `10,000`. */
export const grouped = (count: number): string => groups.format(count);

/** The verdict of a run as a sentence that can be read out in a meeting. */
export function verdictSentence(head: RunHead): string {
  const { counts, notRun } = head;
  const errors = errorsOf(head);
  const bad = [
    counts.fail > 0 ? `${grouped(counts.fail)} failed` : '',
    errors > 0 ? plural(errors, 'error') : '',
  ]
    .filter((part) => part !== '')
    .join(', ');
  const of = `of ${plural(counts.tests, 'case')}`;
  switch (head.status) {
    case 'passed':
      return counts.skip === 0
        ? `All ${plural(counts.tests, 'case')} passed`
        : `${grouped(counts.pass)} ${of} passed, none failed`;
    case 'failed':
    case 'errors':
      if (head.planned === 0) return 'Nothing ran: its cases were never planned';
      return notRun > 0
        ? `${[bad, `${grouped(notRun)} not run`].filter(Boolean).join(', ')}`
        : `${bad} ${of}`;
    case 'nothing-proven':
      return head.unplannedSkips > 0
        ? `Not proven: ${plural(head.unplannedSkips, 'skip')} that nobody announced`
        : 'Nothing proven: no case passed';
    case 'usage':
      return 'The run was refused before it began';
    case 'unwritten':
      return `Not written: no case of ${grouped(counts.tests)} failed, and the report is not whole`;
    case 'interrupted':
      if (head.planned === 0) return 'Interrupted before its cases were planned';
      return `Interrupted with ${plural(notRun, 'case')} not run${bad === '' ? '' : `; ${bad}`}`;
    case 'aborted':
      if (head.planned === 0) return 'Aborted: the runner was lost before its cases were planned';
      return `Aborted: the runner was lost with ${plural(notRun, 'case')} not run${bad === '' ? '' : `; ${bad}`}`;
    case 'running':
      return `Running: ${progressWords(head)}${bad === '' ? '' : `, ${bad} so far`}`;
  }
}

/** How far a run is that goes on. */
export function progressWords(head: RunHead): string {
  return head.planned === 0
    ? 'the plan is being made'
    : `${grouped(doneOf(head))} of ${plural(head.planned, 'case')}`;
}

/** `part of the charter: --case 10.3`, `shard 2/3`; `''` of a run that speaks for its environment. */
export function partWords({ selection, shard }: Pick<RunHead, 'selection' | 'shard'>): string {
  const part = selection === undefined ? '' : `part of the charter: ${selection}`;
  return [part, shard === undefined ? '' : `shard ${shard}`].filter(Boolean).join(', ');
}

/** Errors of cases: without the one that stands, once a run is over, for all that never ran or were never planned. */
export const errorsOf = ({ status, counts, notRun, planned }: RunHead): number =>
  Math.max(0, counts.err - (status !== 'running' && (notRun > 0 || planned === 0) ? 1 : 0));

/** Cases that are not as promised. */
export const redOf = (head: RunHead): number => head.counts.fail + errorsOf(head);

/** Cases of the plan that have ended. */
export const doneOf = ({ planned, notRun, inFlight }: RunHead): number =>
  Math.max(0, planned - notRun - inFlight);

/** Cases that have no result, of a run that goes on: yet. */
export const toComeOf = ({ notRun, inFlight }: RunHead): number => notRun + inFlight;

/** Done of planned, 0 to 1. */
export function progressOf(head: RunHead): number {
  return head.planned === 0 ? 0 : Math.min(1, doneOf(head) / head.planned);
}

/** `4 h` since; coarse, because the exact time stands beside it. */
export function ageWords(milliseconds: number): string {
  const minutes = Math.max(0, Math.floor(milliseconds / 60_000));
  if (minutes < 1) return 'less than a minute';
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 72 ? `${hours} h` : `${Math.floor(hours / 24)} days`;
}

export const percent = (rate: number): string => `${(rate * 100).toFixed(rate > 0 && rate < 0.1 ? 1 : 0)} %`;
