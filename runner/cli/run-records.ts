// Where a run is written down: one name for its files, the journal, and what follows it.
import { join } from 'node:path';
import { type Recorder, type RunSink, recorder } from '../execution/index.ts';
import { openJournal } from '../journal/index.ts';
import { type Redactor, redactEvent } from '../redaction/index.ts';
import type { Style } from '../report/index.ts';
import { runName } from './run-name.ts';
import type { RunFlags } from './run-options.ts';
import { ctrfSink, junitSink, terminalSink } from './sinks.ts';

export interface RunRecords {
  readonly records: Recorder;
  readonly journal: string;
  readonly report: string;
  /** Prints beside the progress of the run. */
  readonly aside: (text: string) => void;
}

/** What follows a run besides its report, once it is known where its journal is. */
export type SinkMaker = (journal: string) => RunSink;

/** Throws CHR_REPORT_UNWRITABLE. */
export function openRecords(
  { out, shard, name = runName() }: Pick<RunFlags, 'out' | 'shard' | 'name'>,
  { redactor, style, others }: { redactor: Redactor; style: Style; others: readonly SinkMaker[] },
): RunRecords {
  const part = shard === undefined ? '' : `-${shard.index}of${shard.count}`;
  const base = join(out, `${name}${part}`);
  const report = `${base}.xml`;
  const terminal = terminalSink({ style, write: (text) => void process.stdout.write(text) });
  const journal = openJournal(`${base}.jsonl`);
  const sinks = [junitSink(report), ctrfSink(report), terminal];
  const followers = others.map((sinkOf) => sinkOf(journal.path));
  const records = recorder({ journal, sinks, followers, redact: (event) => redactEvent(redactor, event) });
  return { records, journal: journal.path, report, aside: terminal.aside };
}
