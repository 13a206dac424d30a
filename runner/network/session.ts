// Front door of probing: open a world of Pods in a cluster, bring it from step to step, get verdicts, leave nothing behind.

export { latencyOf, quantile } from './verdict/quantile.ts';
export type { CellResult, Latency, Outcome, PodId, Problem, Proof } from './verdict/types.ts';
export type {
  Names,
  OutsideTarget,
  ServedPort,
  StepDeclaration,
  StepResult,
  Write,
} from './world/declaration.ts';
export { newSuffix } from './world/names.ts';
export { openWorld } from './world/open.ts';
export { type Sweep, type Swept, sweepWorlds } from './world/sweep.ts';
export type { Calibration, Deny, World, WorldOptions } from './world/world.ts';
