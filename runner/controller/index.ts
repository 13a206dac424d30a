export {
  type ConditionUpdate,
  findCondition,
  hasStatus,
  removeCondition,
  setCondition,
  timestamp,
} from './conditions.ts';
export { controller } from './controller.ts';
export type { EventLimits, Happening } from './event-series.ts';
export { type EventRecorder, type EventRecorderOptions, eventRecorder } from './events.ts';
export { fenced } from './fence.ts';
export { addFinalizer, hasFinalizer, removeFinalizer } from './finalizers.ts';
export { type LeadershipEdges, leadership } from './leadership.ts';
export { controllerMetrics, leadershipMetrics, requestMetrics } from './metrics.ts';
export { type Check, type Probes, type ProbesOptions, readyToReconcile, serveProbes } from './probes.ts';
export {
  type InformerSourceOptions,
  informerSource,
  type KeyChannel,
  keyChannel,
  specChanged,
} from './sources.ts';
export type {
  Condition,
  ConditionStatus,
  Controller,
  ControllerObserver,
  ControllerOptions,
  Leadership,
  LeadershipOptions,
  LeadershipState,
  RateLimit,
  Reconcile,
  ReconcileContext,
  Reconciled,
  ReconcileResult,
  Source,
  StartedSource,
  StopReport,
} from './types.ts';
