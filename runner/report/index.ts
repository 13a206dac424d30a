// Front door of the reports: everything that is made from the state of a run.
export { ctrf, ctrfPath, ctrfText, writeCtrf } from './ctrf.ts';
export type { Ctrf, CtrfAttempt, CtrfStatus, CtrfTest } from './ctrf-types.ts';
export { duration, evidence, failureText, httpLines, reproduce } from './failure-text.ts';
export { JunitRenderer, junit, writeJunit } from './junit.ts';
export { caseName, className } from './junit-names.ts';
export { type LiveClock, LiveReport, type LiveReportOptions } from './live.ts';
export { replaceFile } from './replace-file.ts';
export { summaryLine } from './summary.ts';
export {
  caseLine,
  clearProgress,
  closingLines,
  neutral,
  neutralLine,
  plainStyle,
  progressLine,
  type Style,
  styleFor,
  type TerminalFacts,
} from './terminal/index.ts';
