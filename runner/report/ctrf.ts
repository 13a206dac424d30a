// CTRF (Common Test Report Format, https://ctrf.io, schema 1.0.0): the second format, for tools that read JSON and flakes.
// CTRF knows no `error`: such a case has status `failed`, so that no dashboard shows it green, and `rawStatus: error`.
import {
  type AttemptState,
  type CaseState,
  countsOf,
  decidingAttempt,
  durationOf,
  failureOf,
  isFlaky,
  notRunTitle,
  type RunState,
  type Verdict,
  verdictOf,
} from '../journal/index.ts';
import type { Ctrf, CtrfAttempt, CtrfStatus, CtrfTest } from './ctrf-types.ts';
import { failureText } from './failure-text.ts';
import { caseName } from './junit-names.ts';
import { replaceFile } from './replace-file.ts';
import { cut } from './xml.ts';

const textLimit = 65_536;

export function ctrf(state: RunState): Ctrf {
  return documentOf(state, [...testsOf(state)]);
}

function documentOf(state: RunState, cases: readonly CtrfTest[]): Ctrf {
  const { tests, pass, fail, err, skip } = countsOf(state);
  const start = time(state.startedAt);
  const stop = Math.max(start, time(state.ended?.at ?? state.lastAt));
  return {
    reportFormat: 'CTRF',
    specVersion: '1.0.0',
    ...(state.lastAt === '' ? {} : { timestamp: state.lastAt }),
    generatedBy: 'charter-runner',
    results: {
      tool: { name: 'charter-runner' },
      summary: {
        tests,
        passed: pass,
        failed: fail + err,
        skipped: skip,
        pending: 0,
        other: 0,
        flaky: state.tally.flaky,
        suites: state.campaigns.size,
        start,
        stop,
        duration: stop - start,
        extra: {
          verdicts: { passed: pass, failed: fail, error: err, skipped: skip },
          ended: state.ended?.reason ?? null,
        },
      },
      tests: cases,
      environment: {
        testEnvironment: state.environment,
        extra: {
          run: state.run,
          host: state.host,
          ...Object.fromEntries([...state.properties].map(([name, value]) => [name.toWellFormed(), value])),
        },
      },
    },
  };
}

/** `charter-<host>-<time>.xml` has its CTRF beside it as `charter-<host>-<time>.ctrf.json`. */
export function ctrfPath(junitPath: string): string {
  return `${junitPath.replace(/\.xml$/, '')}.ctrf.json`;
}

export function ctrfText(state: RunState): string {
  return [...ctrfPieces(state)].join('');
}

export function writeCtrf(path: string, state: RunState): void {
  replaceFile(path, ctrfPieces(state), 'disk');
}

/** As JSON has them in a document with an indent of two. No text holds this: a quotation mark inside one is escaped. */
const noTests = '"tests": []';
const testsAt = 4;

/** Of the file in order, so that 100,000 cases need not stand in memory a second time. */
function* ctrfPieces(state: RunState): Generator<string> {
  const [head, tail] = json(documentOf(state, [])).split(noTests);
  yield `${head}"tests": [`;
  const indent = `\n${' '.repeat(testsAt + 2)}`;
  let between = indent;
  for (const one of testsOf(state)) {
    yield between + json(one).replaceAll('\n', indent);
    between = `,${indent}`;
  }
  yield `${between === indent ? '' : `\n${' '.repeat(testsAt)}`}]${tail}\n`;
}

/** JSON would carry a lone surrogate as an escape that strict readers refuse. */
function json(value: unknown): string {
  const wellFormed = (_: string, part: unknown) => (typeof part === 'string' ? part.toWellFormed() : part);
  return JSON.stringify(value, wellFormed, 2);
}

function* testsOf(state: RunState): Generator<CtrfTest> {
  yield* notRun(state);
  for (const item of state.cases.values()) yield* test(item);
}

function notRun(state: RunState): CtrfTest[] {
  const name = notRunTitle(state);
  if (name === undefined) return [];
  return [{ name, status: 'failed', duration: 0, rawStatus: 'not-run', extra: { verdict: 'error' } }];
}

function test(item: CaseState): CtrfTest[] {
  const verdict = verdictOf(item);
  if (verdict === undefined) return [];
  const { planned, attempts } = item;
  const deciding = decidingAttempt(item);
  const warnings = [...new Set(attempts.flatMap((attempt) => attempt.warnings ?? []))];
  const started = attempts[0]?.startedAt;
  const stopped = attempts.at(-1)?.endedAt;
  return [
    {
      name: caseName(item) || planned.key,
      status: statusOf(verdict),
      duration: Math.round(durationOf(item)),
      rawStatus: verdict,
      suite: [planned.campaign],
      ...(started === undefined ? {} : { start: time(started) }),
      ...(stopped === undefined ? {} : { stop: time(stopped) }),
      ...texts(item, deciding),
      tags: planned.tags,
      ...(planned.file === '' ? {} : { filePath: planned.file }),
      ...(planned.line === undefined ? {} : { line: planned.line }),
      retries: Math.max(0, attempts.length - 1),
      ...(attempts.length > 1 ? { retryAttempts: attempts.map((attempt) => retry(item, attempt)) } : {}),
      flaky: isFlaky(item),
      ...(warnings.length === 0 ? {} : { stdout: warnings.map((text) => `WARN ${text}`) }),
      extra: {
        key: planned.key,
        verdict,
        ...(deciding?.outcome?.planned === undefined ? {} : { plannedSkip: deciding.outcome.planned }),
      },
    },
  ];
}

function retry(item: CaseState, attempt: AttemptState): CtrfAttempt {
  const verdict = attempt.outcome?.verdict ?? 'error';
  return {
    attempt: Math.max(1, Math.trunc(attempt.attempt)),
    status: statusOf(verdict),
    ...(attempt.durationMs === undefined ? {} : { duration: Math.round(attempt.durationMs) }),
    ...texts(item, attempt),
    extra: { verdict },
  };
}

function texts(item: CaseState, attempt: AttemptState | undefined): { message?: string; trace?: string } {
  if (attempt === undefined) return {};
  const failure = failureOf(attempt);
  if (failure === undefined) {
    const reason = attempt.outcome?.reason;
    return reason === undefined ? {} : { message: cut(reason, textLimit) };
  }
  return {
    message: cut(failure.message, textLimit),
    trace: cut(failureText(failure, item.planned), textLimit),
  };
}

function statusOf(verdict: Verdict): CtrfStatus {
  return verdict === 'error' ? 'failed' : verdict;
}

function time(at: string): number {
  const value = Date.parse(at);
  return Number.isFinite(value) ? Math.max(0, value) : 0;
}
