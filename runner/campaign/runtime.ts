// The run a campaign file is imported into: set by the worker of a run, or made on the spot under plain vitest.
import type { RunnerTask } from 'vitest';
import { type Config, loadConfig } from '../config/index.ts';
import type { Outcome } from '../journal/index.ts';
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

const slot = Symbol.for('charter-runner.runtime');
const holder = globalThis as { [slot]?: CampaignRuntime };

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
