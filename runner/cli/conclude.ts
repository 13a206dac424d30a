// The end of a run: the verdict recorded, the sinks closed, and what a reader must know. SUMMARY follows it.
import type { Recorder, SuperviseEnd } from '../execution/index.ts';
import { exitCodeOf } from '../journal/index.ts';
import { closingLines, type Style } from '../report/index.ts';
import { exitCodes } from './exit-codes.ts';
import { printError } from './print-error.ts';

export interface Closing {
  /** Exit code of a run that could not start. */
  readonly refused?: number;
  readonly production: boolean;
  readonly style: Style;
  readonly report: string;
  /** `brief`: the merged report that follows tells it all. */
  readonly tell: 'everything' | 'brief';
}

export interface Conclusion {
  readonly exitCode: number;
  /** Report and journal are there, whoever else could not keep the run. */
  readonly isReported: boolean;
}

export async function conclude(records: Recorder, end: SuperviseEnd, closing: Closing): Promise<Conclusion> {
  const { state } = records;
  const reason = end.interrupted ?? 'completed';
  const ended = { at: '', exitCode: end.interrupted === undefined ? 0 : exitCodes.interrupted, reason };
  const judged = closing.refused ?? exitCodeOf({ ...state, ended }, { production: closing.production });
  const unwritten = await records.finish(
    { event: 'run-ended', exitCode: judged, reason },
    {
      ...{ event: 'run-ended', exitCode: exitCodes.unwritten },
      reason: end.interrupted ?? 'the report could not be written',
    },
  );
  const [lost] = [...unwritten.report, ...unwritten.followers];
  if (lost !== undefined) printError(lost);
  const isReported = unwritten.report.length === 0;
  // Why a run could not start has been said where it was met.
  const isTold = closing.refused !== undefined || closing.tell === 'brief';
  const lines = isTold ? [] : closingLines(closing.style, state);
  for (const filter of end.unmatched) lines.push(`no case matches ${filter}`);
  if (end.interrupted !== undefined) lines.push(`ended early: ${end.interrupted}`);
  if (isReported) lines.push(`report: ${closing.report}`);
  for (const line of lines) process.stdout.write(`${line}\n`);
  return { exitCode: lost === undefined ? judged : exitCodes.unwritten, isReported };
}
