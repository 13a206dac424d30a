// The run a campaign file is imported into: set by the worker of a run, or made on the spot under plain vitest.
import type { RunnerTask } from 'vitest';
import { type Config, loadConfig } from '../config/index.ts';
import type { Outcome } from '../journal/index.ts';
import type { DeclaredCase } from './case.ts';
import type { CaseBody } from './declare.ts';
import { type ClientSet, makeClients } from './targets.ts';

export interface CampaignRuntime {
  readonly config: Config;
  /** Lower-case letters and digits; part of the names of everything a `[W]` case creates. */
  readonly runId: string;
  readonly clients: ClientSet;
  /** A fact for the report's properties. */
  readonly property: (name: string, value: string) => void;
}

/** What the wrapper of a case knows when its body has ended; read by the worker. */
export interface CaseResult {
  readonly outcome: Outcome;
  readonly warnings: readonly string[];
}

export const results = new WeakMap<RunnerTask, CaseResult>();

/** Where declarations go: to vitest, or to whoever wants to run cases by himself. */
export interface Registrar {
  readonly campaign: (name: string, define: () => void) => void;
  readonly case: (declared: DeclaredCase, body: CaseBody) => void;
}

const slot = Symbol.for('charter-runner.runtime');
const holder = globalThis as { [slot]?: CampaignRuntime };
let current: Registrar | undefined;

export function useRegistrar(when: 'always' | 'if none is set', next: Registrar): void {
  if (when === 'always' || current === undefined) current = next;
}

export function registrar(): Registrar {
  if (current === undefined) throw new Error('no registrar is set');
  return current;
}

const memos = new WeakMap<CampaignRuntime, Map<string, Promise<unknown>>>();

/** Makes something once for all cases of a run and worker; what failed is made again when next asked for. */
export function oncePerRun<T>(runtime: CampaignRuntime, name: string, make: () => Promise<T>): Promise<T> {
  const known = memos.get(runtime) ?? new Map<string, Promise<unknown>>();
  memos.set(runtime, known);
  const made = known.get(name) ?? make();
  known.set(name, made);
  made.catch(() => known.delete(name));
  return made as Promise<T>;
}

export function setRuntime(runtime: CampaignRuntime): void {
  holder[slot] = runtime;
}

/** Under plain `vitest`, charter.yaml comes from CHARTER_CONFIG or the current folder. */
export async function currentRuntime(): Promise<CampaignRuntime> {
  if (holder[slot] === undefined) {
    const path = process.env.CHARTER_CONFIG ?? 'charter.yaml';
    const embedded = process.env.CHARTER_EMBEDDED === 'true';
    const config = await loadConfig({ path, env: process.env, embedded });
    const clients = makeClients(config, { onSecret: () => {}, onRowValue: () => {} });
    setRuntime({ config, runId: Date.now().toString(36), clients, property: () => {} });
  }
  return holder[slot] as CampaignRuntime;
}
