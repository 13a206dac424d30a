// Front door of the cockpit: pages over the store, read-only.
export { type CockpitApp, type CockpitOptions, createCockpit } from './app.ts';
export type { LastRun, RunDocument } from './last-run.ts';
export type { ProxyTrust } from './security/identity.ts';
export { type ServeOptions, type Serving, serveCockpit } from './serve.ts';
