// One run from flags to exit code. Whatever happens on the way, the report is closed and SUMMARY is the last line.
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { type Config, unknownEnvironment } from '../config/index.ts';
import { CharterError, wordsOf } from '../errors/index.ts';
import {
  discover,
  type Recorder,
  type SuperviseEnd,
  supervise,
  type WarmWorker,
} from '../execution/index.ts';
import { RedactedOutput, Redactor } from '../redaction/index.ts';
import { styleFor, summaryLine } from '../report/index.ts';
import { conclude } from './conclude.ts';
import { startEmbedded } from './embedded.ts';
import { exitCodes } from './exit-codes.ts';
import { type Interrupts, onSignals } from './interrupts.ts';
import { othersOf } from './others-ended.ts';
import { secretFromApiServer } from './persona-secret.ts';
import { printError } from './print-error.ts';
import { printSummaryOfNothing } from './print-summary.ts';
import { leaveRefusal } from './refused-shard.ts';
import {
  configured,
  type KnownRun,
  knownAtStart,
  knownRun,
  type RunCharter,
  reportStartError,
} from './run-charter.ts';
import { type RunFlags, selectionOf } from './run-options.ts';
import { openRecords, type RunRecords, type SinkMaker } from './run-records.ts';
import { checkMerge, endAlone, endMerged, mergesShards, type RunEnding } from './sharded-end.ts';
import { type RunLocks, takeLocks } from './take-locks.ts';

/** What came of something that must not end the run before it is written down. */
type Settled<T> = { readonly value: T } | { readonly error: unknown };

/** `worker` is one that is loading already; it ends with the run. */
export async function perform(flags: RunFlags, worker: WarmWorker): Promise<number> {
  const signals = onSignals();
  const runId = `${Date.now().toString(36)}${randomBytes(3).toString('hex')}`;
  checkMerge(flags);
  let locks: Settled<RunLocks>;
  // The charter says which lock; the embedded platform's is local, and held before the platform is started.
  const charter = flags.embedded ? undefined : await settled(configuredRun(flags));
  const config = charter !== undefined && 'value' in charter ? charter.value.config : undefined;
  const known = charter !== undefined && 'error' in charter ? await knownRun(flags) : charter?.value;
  try {
    mkdirSync(flags.out, { recursive: true });
    const { out, shard } = flags;
    locks = { value: await takeLocks({ out, runId, shard, config, signal: signals.first }) };
  } catch (error) {
    // A run that cannot find out whether another one goes on has something to report; a refused one has not.
    if (!isSilence(error)) return refuse(error, { flags, runId, signals, known });
    locks = { error };
  }
  let end: RunEnding = { exitCode: exitCodes.unwritten, lease: 'keep' };
  try {
    end = await performLocked({ flags, runId, signals, worker, charter, known, locks });
    return end.exitCode;
  } finally {
    if ('value' in locks) await locks.value.end(end.lease);
  }
}

function configuredRun(flags: RunFlags, embeddedConfig?: string): Promise<RunCharter> {
  return configured(flags, { embeddedConfig, readSecret: secretFromApiServer });
}

function settled<T>(work: Promise<T>): Promise<Settled<T>> {
  return work.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
}

function orThrow<T>(outcome: Settled<T>): T {
  if ('error' in outcome) throw outcome.error;
  return outcome.value;
}

/** Who keeps the run lock did not say whether another run goes on. */
function isSilence(error: unknown): boolean {
  return error instanceof CharterError && ['CHR_APISERVER', 'CHR_STORE'].includes(error.code);
}

function refuse(
  error: unknown,
  { flags, runId, signals: { first }, known }: Omit<LockedRun, 'worker' | 'charter' | 'locks'>,
): number {
  const isSignal = first.aborted && error === first.reason;
  const why = isSignal ? `${first.reason} while it waited for the run lock` : wordsOf(error);
  if (isSignal) process.stderr.write(`${why}\n`);
  else printError(error);
  const exitCode = codeOfRefusal(error, first);
  leaveRefusal({
    ...{ flags, runId, exitCode, why },
    environment: known?.config.data.environment ?? unknownEnvironment,
    properties: known?.properties ?? knownAtStart(flags),
  });
  printSummaryOfNothing();
  return exitCode;
}

function codeOfRefusal(error: unknown, first: AbortSignal): number {
  if (first.aborted) return exitCodes.interrupted;
  if (!(error instanceof CharterError)) return exitCodes.unwritten;
  if (error.code === 'CHR_USAGE') return exitCodes.usage;
  return error.code === 'CHR_RUN_LOCKED' ? exitCodes.locked : exitCodes.unwritten;
}

interface LockedRun {
  readonly flags: RunFlags;
  readonly runId: string;
  readonly signals: Interrupts;
  readonly worker: WarmWorker;
  /** Undefined where the embedded platform is to be started first. */
  readonly charter: Settled<RunCharter> | undefined;
  readonly known: KnownRun | undefined;
  readonly locks: Settled<RunLocks>;
}

async function performLocked(run: LockedRun): Promise<RunEnding> {
  const { flags, runId, signals } = run;
  const startedAt = Date.now();
  const redactor = new Redactor();
  const style = styleFor({
    isTTY: process.stdout.isTTY === true,
    columns: process.stdout.columns ?? 80,
    env: process.env,
  });
  let written: RunRecords;
  try {
    written = openRecords(flags, { redactor, style, others: await storeOf(run, redactor) });
  } catch (error) {
    printError(error);
    printSummaryOfNothing();
    return { exitCode: exitCodes.unwritten, lease: 'release' };
  }
  const { records, report } = written;

  let platform: Awaited<ReturnType<typeof startEmbedded>> | undefined;
  let end: SuperviseEnd = { unmatched: [] };
  let charter: RunCharter | undefined;
  let refused: number | undefined;
  try {
    const locks = orThrow(run.locks);
    if (flags.embedded) platform = await startEmbedded(flags.fault);
    charter = run.charter === undefined ? await configuredRun(flags, platform?.config) : orThrow(run.charter);
    end = await runCases(run, { written, redactor, charter, locks });
  } catch (error) {
    reportStartError(records, error, { runId, host: hostname(), flags, known: run.known });
    printError(error);
    refused = error instanceof CharterError && !isSilence(error) ? exitCodes.usage : exitCodes.errors;
  } finally {
    platform?.stop();
    signals.done();
  }
  const production = charter?.config.data.modes.production === true;
  const merges = refused === undefined && mergesShards(flags);
  const { exitCode, isReported } = await conclude(records, end, {
    ...{ style, report, production },
    tell: merges ? 'brief' : 'everything',
    ...(refused === undefined ? {} : { refused }),
  });
  if (merges && charter !== undefined && isReported) {
    const { runMs, graceMs } = charter.config.data.budgets;
    const { hold, leave: leaveLock } = orThrow(run.locks);
    const signal = hold === undefined ? signals.first : AbortSignal.any([signals.first, hold.lost]);
    const until = startedAt + runMs + graceMs;
    const store = (journal: string) => storeMerged(charter?.config, journal);
    const own = { journal: written.journal, exitCode };
    return endMerged({ flags, own, until, signal, leaveLock, style, store });
  }
  return endAlone(flags, { exitCode, summary: summaryLine(records.state) });
}

async function storeOf({ known }: LockedRun, redactor: Redactor): Promise<SinkMaker[]> {
  if (known?.config.data.store.mode !== 'postgres') return [];
  const { config } = known;
  const { storeSink, underWhichName } = await import('./store-sink.ts');
  underWhichName(config.data.environment, aloud);
  return [(journal) => storeSink(config, journal, { onSecret: (text) => redactor.add(text), tell: aloud })];
}

/** Throws CHR_STORE where the store is required and did not take it. */
async function storeMerged(config: Config | undefined, journal: string): Promise<void> {
  if (config?.data.store.mode !== 'postgres') return;
  const { storeJournal } = await import('./store-sink.ts');
  await storeJournal(config, journal, { onSecret: () => {}, tell: aloud });
}

const aloud = (text: string) => void process.stderr.write(`${text}\n`);

interface Prepared {
  readonly written: RunRecords;
  readonly redactor: Redactor;
  readonly charter: RunCharter;
  readonly locks: RunLocks;
}

async function runCases(
  { flags, runId, signals, worker }: LockedRun,
  { written, redactor, charter: { config, properties }, locks }: Prepared,
): Promise<SuperviseEnd> {
  const { records, aside } = written;
  for (const secret of config.allSecrets()) redactor.add(secret);
  const { environment, suites } = config.data;
  records.record({
    event: 'run-started',
    run: runId,
    host: hostname(),
    environment,
    properties: { ...properties, ...locks.properties },
  });
  const { campaigns, ...found } = discover(suites, flags.suites);
  const output = new RedactedOutput(redactor, aside);
  const record: Recorder['record'] = (event) => {
    if (event.event === 'case-ended') output.end(event.key);
    records.record(event);
  };
  const supervision = supervise({
    ...{ config, runId, worker, recorder: { ...records, record }, hold: locks.hold, ...found },
    missingOthers: othersOf(flags, written),
    selection: selectionOf(flags, campaigns),
    onSecret: (text) => redactor.add(text),
    onOutput: (text, from) => output.push(text, from),
  });
  signals.follow(supervision);
  const end = await supervision.end;
  output.flush();
  return end;
}
