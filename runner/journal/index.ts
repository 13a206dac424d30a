// Front door of the journal: the events of a run, how they are kept, read and folded.
export {
  type CaseNote,
  type Counts,
  countsOf,
  flakyCases,
  isXfail,
  notRunTitle,
  skipsOf,
  unplannedSkips,
  warningsOf,
  xfailsOf,
} from './counts.ts';
export {
  type Failure,
  type HttpExchange,
  type JournalEvent,
  type Outcome,
  type PlannedCase,
  startKey,
  type Verdict,
} from './events.ts';
export { type ExitCodeOptions, exitCodeOf, isProduction, wasInterrupted } from './exit-code.ts';
export { applyEvent, fold } from './fold.ts';
export { mergeEvents } from './merge.ts';
export { type Journal, openJournal } from './open.ts';
export { type ReadJournal, readJournal } from './read.ts';
export {
  type AttemptState,
  type CampaignState,
  type CaseState,
  initialState,
  type Progress,
  type RunEnd,
  type RunState,
  type Tally,
} from './state.ts';
export {
  decidingAmong,
  decidingAttempt,
  durationOf,
  failureOf,
  interrupted,
  isFlaky,
  verdictOf,
} from './verdict.ts';
