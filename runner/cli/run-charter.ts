// The charter of a run: configuration with the flags laid over it, and what the report says about it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Config,
  loadConfig,
  loadWhereabouts,
  type SecretReader,
  unknownEnvironment,
  type Whereabouts,
} from '../config/index.ts';
import { CharterError, wordsOf } from '../errors/index.ts';
import type { Recorder } from '../execution/index.ts';
import { startKey } from '../journal/index.ts';
import { jobOf, jobProperties } from './job.ts';
import type { RunFlags } from './run-options.ts';
import { selectionProperties } from './run-selection.ts';

export interface RunCharter {
  readonly config: Config;
  /** Facts of the run for the report's properties. */
  readonly properties: Readonly<Record<string, string>>;
}

/** A charter, or what can be told of it where it cannot be loaded. */
export interface KnownRun {
  readonly config: { readonly data: Whereabouts; readonly path: string };
  readonly properties: RunCharter['properties'];
}

export interface ConfigureEdges {
  /** The charter.yaml of the embedded platform, where one was started. */
  readonly embeddedConfig?: string | undefined;
  /** Without it `personaSecret.via: api` finds nothing, and nobody is asked. */
  readonly readSecret?: SecretReader;
}

export async function configured(
  flags: RunFlags,
  { embeddedConfig, readSecret }: ConfigureEdges = {},
): Promise<RunCharter> {
  const embedded = embeddedConfig !== undefined || process.env.CHARTER_EMBEDDED === 'true';
  const config = await loadConfig({
    path: embeddedConfig ?? flags.config,
    env: process.env,
    embedded,
    ...(readSecret === undefined ? {} : { readSecret }),
    ...(flags.retry === undefined ? {} : { overrides: { retry: flags.retry } }),
  });
  const { modes } = config.data;
  return {
    config,
    properties: {
      environment: config.data.environment,
      'charter-runner': version(),
      'config-hash': config.hash,
      production: String(modes.production),
      writes: String(modes.allowWrites),
      ...(config.externalTargets.length > 0 ? { 'external-targets': config.externalTargets.join(' ') } : {}),
      ...(config.embedded ? { embedded: 'true' } : {}),
      ...imageProperties(process.env),
      suites: [config.data.suites].flat().join(' '),
      ...knownAtStart(flags),
    },
  };
}

/** Of a run whose charter cannot be loaded. Why it cannot says more than that it could not be stored, so its store is never required. */
export async function knownRun(flags: RunFlags): Promise<KnownRun | undefined> {
  const { config: path } = flags;
  const found = await loadWhereabouts(path);
  if (found === undefined) return undefined;
  const { environment, store } = found;
  return {
    config: { path, data: { environment, store: { ...store, required: false } } },
    properties: { environment, ...knownAtStart(flags) },
  };
}

/** What is true of a run whether or not its charter can be read. */
export function knownAtStart(flags: RunFlags): Record<string, string> {
  return { ...selectionProperties(flags), ...jobProperties(jobOf(process.env), flags.shard) };
}

/** Two runs of one image and one charter must agree: by this `charter flakes` knows that they are. The chart sets it. */
function imageProperties({ CHARTER_IMAGE_DIGEST: digest = '' }: NodeJS.ProcessEnv): Record<string, string> {
  return digest === '' ? {} : { 'image-digest': digest };
}

export interface StartingRun {
  readonly runId: string;
  readonly host: string;
  readonly flags: RunFlags;
  /** Undefined where not even its platform is known. */
  readonly known: KnownRun | undefined;
}

/** A run whose charter cannot be read says so in its report too: who reads only the report must not find yesterday's. */
export function reportStartError(
  records: Recorder,
  error: unknown,
  { runId: run, host, flags, known }: StartingRun,
): void {
  if (records.state.run === '') {
    const environment = known?.config.data.environment ?? unknownEnvironment;
    const properties = known?.properties ?? knownAtStart(flags);
    records.record({ event: 'run-started', run, host, environment, properties });
  }
  const message = wordsOf(error);
  const kind = error instanceof CharterError ? error.code : 'exception';
  const key = startKey;
  const planned = {
    key,
    campaign: 'charter',
    id: 'start',
    title: 'the run can start',
    file: '',
    tags: [],
    targets: [],
  };
  records.record({ event: 'planned', cases: [planned] });
  records.record({
    event: 'case-ended',
    key,
    attempt: 1,
    durationMs: 0,
    outcome: { verdict: 'error', failure: { kind, message } },
  });
}

function version(): string {
  const path = join(import.meta.dirname, '..', '..', 'package.json');
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
}
