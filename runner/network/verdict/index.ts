// Front door of the verdicts: from the lines of probers to cells with a verdict and a name for what is wrong. Pure; time is passed in.

export { isTalk } from './control.ts';
export type { Registered } from './health.ts';
export { historyOf } from './history.ts';
export {
  endsOf,
  type JudgedCell,
  type Judgement,
  judgeStep,
  type StepCell,
  type StepQuestion,
} from './judge-step.ts';
export { Ledger, type Patience, patienceFor } from './ledger.ts';
export type { Observation } from './observe.ts';
export { latencyOf, quantile } from './quantile.ts';
export { type Denial, refusalsTakeMs } from './refusals.ts';
export { afterReopening, type StandIns, standInsOf } from './reopened.ts';
export { sideBySide } from './side-by-side.ts';
export { type Pair, Talks } from './talks.ts';
export type { CellResult, Latency, Outcome, PodId, Problem, Proof } from './types.ts';
