// One run from flags to exit code. Whatever happens on the way, the report is closed and SUMMARY is the last line.
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { CharterError } from '../errors/index.ts';
import {
  acquireLock,
  discover,
  type Recorder,
  type RunLock,
  recorder,
  type SuperviseEnd,
  supervise,
} from '../execution/index.ts';
import { openJournal } from '../journal/index.ts';
import { RedactingStream, Redactor, redactEvent, styleFor } from '../report/index.ts';
import { conclude } from './conclude.ts';
import { startEmbedded } from './embedded.ts';
import { exitCodes } from './exit-codes.ts';
import { onSignals } from './interrupts.ts';
import { printError } from './print-error.ts';
import { configured, type RunCharter, reportStartError } from './run-charter.ts';
import { type RunFlags, selectionOf } from './run-options.ts';
import { ctrfSink, junitSink, terminalSink } from './sinks.ts';
import { printSummaryOfNothing } from './summary-of-nothing.ts';

/** `engine` is a vitest process that is loading already; it ends with the run. */
export async function perform(flags: RunFlags, engine: ChildProcess): Promise<number> {
  const signals = onSignals();
  const runId = `${Date.now().toString(36)}${randomBytes(3).toString('hex')}`;
  let lock: RunLock | undefined;
  try {
    mkdirSync(flags.out, { recursive: true });
    lock = await acquireLock(flags.out, `run ${runId}, process ${process.pid} on ${hostname()}`);
  } catch (error) {
    printError(error);
    printSummaryOfNothing();
    return codeOfStartError(error);
  }
  try {
    return await performLocked(flags, runId, signals, engine);
  } finally {
    await lock.release();
  }
}

function codeOfStartError(error: unknown): number {
  return error instanceof CharterError && error.code === 'CHR_RUN_LOCKED'
    ? exitCodes.locked
    : exitCodes.unwritten;
}

type Signals = ReturnType<typeof onSignals>;

async function performLocked(
  flags: RunFlags,
  runId: string,
  signals: Signals,
  engine: ChildProcess,
): Promise<number> {
  const redactor = new Redactor();
  const style = styleFor({
    isTTY: process.stdout.isTTY === true,
    columns: process.stdout.columns ?? 80,
    env: process.env,
  });
  const terminal = terminalSink({ style, write: (text) => void process.stdout.write(text) });
  const base = join(
    flags.out,
    `charter-${hostname()}-${new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '')}`,
  );
  let records: Recorder;
  try {
    const journal = openJournal(`${base}.jsonl`);
    const sinks = [junitSink(`${base}.xml`), ctrfSink(`${base}.xml`), terminal];
    records = recorder({ journal, sinks, redact: (event) => redactEvent(redactor, event) });
  } catch (error) {
    printError(error);
    printSummaryOfNothing();
    return exitCodes.unwritten;
  }

  let platform: Awaited<ReturnType<typeof startEmbedded>> | undefined;
  let end: SuperviseEnd = { unmatched: [] };
  let charter: RunCharter | undefined;
  let refused: number | undefined;
  try {
    if (flags.embedded) platform = await startEmbedded(flags.fault);
    charter = await configured(flags, platform?.config);
    for (const secret of charter.config.allSecrets()) redactor.add(secret);
    records.record({
      event: 'run-started',
      run: runId,
      host: hostname(),
      environment: charter.config.data.environment,
      properties: charter.properties,
    });
    const found = discover(charter.config.data.suites, flags.suites);
    const output = new RedactingStream(redactor);
    const supervision = supervise({
      ...{
        config: charter.config,
        runId,
        files: found.files,
        folder: found.folder,
        recorder: records,
        engine,
      },
      selection: selectionOf(flags, found.campaigns),
      onSecret: (text) => redactor.add(text),
      onOutput: (text) => terminal.aside(output.push(text)),
    });
    signals.follow(supervision);
    end = await supervision.end;
    terminal.aside(output.flush());
  } catch (error) {
    reportStartError(records, error, { runId, host: hostname() });
    printError(error);
    refused = error instanceof CharterError ? exitCodes.usage : exitCodes.errors;
  } finally {
    platform?.stop();
    signals.done();
  }
  const production = charter?.config.data.modes.production === true;
  return conclude(records, end, {
    style,
    report: `${base}.xml`,
    production,
    ...(refused === undefined ? {} : { refused }),
  });
}
