// Front door of the campaign room: what a campaign author imports, and what the worker of a run needs to run campaigns.
export { isAssertion } from './assertion.ts';
export type { CampaignOptions, CaseOptions, DeclaredCase, Retry } from './case.ts';
export type { CaseContext } from './context.ts';
export type { CaseBody } from './declare.ts';
export { eventually } from './eventually.ts';
export { runningCase } from './exchanges.ts';
export { outcomeOf } from './outcome.ts';
export { personasOf } from './requirements.ts';
export { judgeCase } from './run-case.ts';
export { type CampaignRuntime, type CaseResult, results, setRuntime, useRegistrar } from './runtime.ts';
export { type ClientSet, type Clients, makeClients } from './targets.ts';
