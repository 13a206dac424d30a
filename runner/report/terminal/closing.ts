// What stands at the end of a run, before SUMMARY: failures with all that is known, then what must not scroll away.
import {
  type CaseNote,
  type CaseState,
  decidingAttempt,
  failureOf,
  flakyCases,
  notRunTitle,
  type RunState,
  skipsOf,
  unplannedSkips,
  verdictOf,
  warningsOf,
  xfailsOf,
} from '../../journal/index.ts';
import { evidence, place, reproduce, sentence } from '../failure-text.ts';
import { caseName } from '../junit-names.ts';
import { caseTime, marks } from './progress.ts';
import { neutralLine, paint, type Style } from './style.ts';
import { wrap } from './wrap.ts';

/** Everything that follows the last case, without the SUMMARY line. Empty when all passed and nothing is to be said. */
export function closingLines(style: Style, state: RunState): string[] {
  return [
    ...failureLines(style, state),
    ...skipLines(style, state),
    ...xfailLines(style, state),
    ...warningLines(style, state),
    ...flakyLines(style, state),
    ...unplannedSkipLines(style, state),
  ];
}

/** Failed cases first: a platform that broke a promise weighs more than one that could not be asked. */
export function failureLines(style: Style, state: RunState): string[] {
  const cases = [...state.cases.values()];
  const ordered = (['failed', 'error'] as const).flatMap((verdict) =>
    cases.filter((item) => verdictOf(item) === verdict),
  );
  const lost = notRunTitle(state);
  return [
    ...ordered.flatMap((item) => [...failedCase(style, item), '']),
    ...(lost === undefined ? [] : [`${paint(style, 'magenta', 'ERROR')} ${lost}`, '']),
  ];
}

function failedCase(style: Style, item: CaseState): string[] {
  const verdict = verdictOf(item) ?? 'error';
  const attempt = decidingAttempt(item);
  const failure = attempt === undefined ? undefined : failureOf(attempt);
  const { word, colour } = marks[verdict];
  const title = wrap({ ...style, width: style.width - word.length - 1 }, headline(item));
  const indent = '  ';
  const tries = item.attempts.length > 1 ? [`attempts: ${item.attempts.length}, ${attemptWords(item)}`] : [];
  return [
    ...title.map(
      (line, index) =>
        `${index === 0 ? paint(style, colour, word) : ' '.repeat(word.length)} ${paint(style, 'bold', line)}`,
    ),
    ...(failure === undefined ? [] : wrap(style, sentence(failure), indent)),
    ...(failure === undefined ? [] : evidence(failure)).flatMap((line) => wrap(style, line, indent)),
    ...tries.flatMap((line) => wrap(style, line, indent)),
    ...wrap(style, `reproduce: ${reproduce(item.planned)}`, indent),
    ...place(item.planned).flatMap((line) => wrap(style, line, indent)),
  ];
}

function headline(item: CaseState): string {
  const time = caseTime(item);
  return neutralLine(`${item.planned.campaign} ${caseName(item)}${time === '' ? '' : ` (${time})`}`);
}

function attemptWords(item: CaseState): string {
  return item.attempts.map(({ outcome }) => outcome?.verdict ?? 'interrupted').join(', then ');
}

/** Skips by reason, because fifty cases without a password are one fact, not fifty. */
export function skipLines(style: Style, state: RunState): string[] {
  const unplanned = new Set(unplannedSkips(state).map(({ item }) => item));
  const groups = new Map<string, CaseState[]>();
  for (const { item, text } of skipsOf(state)) {
    if (unplanned.has(item) || text.startsWith('xfail: ')) continue;
    groups.set(text, [...(groups.get(text) ?? []), item]);
  }
  return byReason(style, 'skip', 'planned', groups);
}

export function unplannedSkipLines(style: Style, state: RunState): string[] {
  const groups = new Map<string, CaseState[]>();
  for (const { item, text } of unplannedSkips(state)) groups.set(text, [...(groups.get(text) ?? []), item]);
  return byReason(style, 'unplanned skip', 'not announced', groups);
}

function byReason(
  style: Style,
  word: string,
  kind: string,
  groups: ReadonlyMap<string, readonly CaseState[]>,
): string[] {
  return [...groups].flatMap(([reason, items]) => [
    ...hanging(
      style,
      `${word}:`,
      `${items.length} ${items.length === 1 ? 'case' : 'cases'} (${kind}): ${neutralLine(reason)}`,
    ),
    ...wrap(style, shortList(items), '  '),
  ]);
}

const listed = 12;

function shortList(items: readonly CaseState[]): string {
  const names = items.slice(0, listed).map(({ planned }) => neutralLine(planned.key));
  return names.join(', ') + (items.length > listed ? `, and ${items.length - listed} more` : '');
}

export function flakyLines(style: Style, state: RunState): string[] {
  return flakyCases(state).flatMap((item) =>
    hanging(style, 'flaky:', `${item.planned.campaign} ${caseName(item)}: ${attemptWords(item)}`),
  );
}

export function warningLines(style: Style, state: RunState): string[] {
  return notes(style, 'warning:', warningsOf(state));
}

export function xfailLines(style: Style, state: RunState): string[] {
  return notes(
    style,
    'xfail:',
    xfailsOf(state).map(({ item, text }) => ({ item, text: text.replace(/^xfail: /, '') })),
  );
}

function notes(style: Style, label: string, list: readonly CaseNote[]): string[] {
  return list.flatMap(({ item, text }) =>
    hanging(style, label, `${item.planned.campaign} ${caseName(item)}: ${text}`),
  );
}

function hanging(style: Style, label: string, text: string): string[] {
  const [first = '', ...rest] = wrap({ ...style, width: style.width - label.length - 1 }, neutralLine(text));
  return [`${paint(style, 'yellow', label)} ${first}`, ...rest.flatMap((line) => wrap(style, line, '  '))];
}
