// One <testcase>. Children stand in the order the surefire schema asks for; junit-10.xsd takes any order.
import {
  type AttemptState,
  type CaseState,
  decidingAttempt,
  durationOf,
  type Failure,
  failureOf,
  verdictOf,
} from '../journal/index.ts';
import { failureText } from './failure-text.ts';
import { oneLine } from './junit-names.ts';
import { cut, seconds, xmlAttribute, xmlText } from './xml.ts';

export interface CaseText {
  readonly classname: string;
  readonly name: string;
  /** Longest text of one attempt, in UTF-16 units. */
  readonly limit: number;
  /** Time of the newest event: how long a running case has been running, without asking a clock. */
  readonly lastAt: string;
}

/** Empty for a case that never started: those are counted together. */
export function testcase(item: CaseState, text: CaseText): string {
  const verdict = verdictOf(item);
  if (verdict === undefined) return '';
  const head = `<testcase classname="${xmlAttribute(text.classname)}" name="${xmlAttribute(text.name)}" time="${seconds(caseTime(item, text.lastAt))}"`;
  const children = childrenOf(item, text.limit);
  if (children.length === 0) return `    ${head}/>\n`;
  return `    ${head}>\n${children.map((child) => `      ${child}\n`).join('')}    </testcase>\n`;
}

function caseTime(item: CaseState, lastAt: string): number {
  const running = item.attempts.find(({ outcome }) => outcome === undefined);
  return (
    durationOf(item) +
    (running === undefined ? 0 : Math.max(0, Date.parse(lastAt) - Date.parse(running.startedAt)))
  );
}

function childrenOf(item: CaseState, limit: number): string[] {
  const verdict = verdictOf(item);
  const deciding = decidingAttempt(item);
  const others = item.attempts.filter((attempt) => attempt !== deciding && failureOf(attempt) !== undefined);
  const again = verdict === 'passed' ? 'flaky' : 'rerun';
  const rerun = (kind: 'Failure' | 'Error') =>
    others
      .filter((attempt) => kindOf(attempt) === kind)
      .map((attempt) => attemptElement(`${again}${kind}`, attempt, item, limit));
  return [
    ...(verdict === 'failed' ? [outcomeElement('failure', deciding, item, limit)] : []),
    ...rerun('Failure'),
    ...(verdict === 'skipped' ? [skipped(deciding, limit)] : []),
    ...(verdict === 'error' ? [outcomeElement('error', deciding, item, limit)] : []),
    ...rerun('Error'),
    ...warnings(item, limit),
  ];
}

const kindOf = ({ outcome }: AttemptState): 'Failure' | 'Error' =>
  outcome?.verdict === 'failed' ? 'Failure' : 'Error';

function skipped(attempt: AttemptState | undefined, limit: number): string {
  return `<skipped message="${xmlAttribute(cut(attempt?.outcome?.reason ?? 'no reason given', limit))}"/>`;
}

function outcomeElement(
  element: 'failure' | 'error',
  attempt: AttemptState | undefined,
  item: CaseState,
  limit: number,
): string {
  const failure = attempt === undefined ? undefined : failureOf(attempt);
  if (failure === undefined) return `<${element} type="${element}"/>`;
  return `<${element} ${facts(failure, limit)}>${body(failure, item, limit)}</${element}>`;
}

function attemptElement(element: string, attempt: AttemptState, item: CaseState, limit: number): string {
  const failure = failureOf(attempt) ?? { kind: 'unknown', message: '' };
  return `<${element} ${facts(failure, limit)}><stackTrace>${body(failure, item, limit)}</stackTrace></${element}>`;
}

function facts(failure: Failure, limit: number): string {
  // Viewers show the attribute as a headline; the whole message stands in the text.
  const message = cut(failure.message, Math.min(limit, 4096));
  return `message="${xmlAttribute(message)}" type="${xmlAttribute(oneLine(failure.kind, 64))}"`;
}

function body(failure: Failure, { planned }: CaseState, limit: number): string {
  return xmlText(
    cut(failureText({ ...failure, message: cut(failure.message, limit) }, planned), limit + 4096),
  );
}

function warnings(item: CaseState, limit: number): string[] {
  const texts = new Set(item.attempts.flatMap((attempt) => attempt.warnings ?? []));
  if (texts.size === 0) return [];
  return [
    `<system-out>${xmlText(cut([...texts].map((text) => `WARN ${text}`).join('\n'), limit))}</system-out>`,
  ];
}
