// `charter report`: every output again from the journal, which is the truth of a run; `merge` makes one of several shards.
import { basename, dirname, join } from 'node:path';
import { Command, Option } from 'commander';
import { CharterError } from '../errors/index.ts';
import {
  exitCodeOf,
  fold,
  isProduction,
  type JournalEvent,
  mergeEvents,
  readJournal,
} from '../journal/index.ts';
import { closingLines, styleFor, summaryLine } from '../report/index.ts';
import { exitCodes } from './exit-codes.ts';
import { printError } from './print-error.ts';
import { printSummaryLine } from './print-summary.ts';
import { fetchCommand } from './report-fetch.ts';
import { type Format, formats, writeReports } from './write-reports.ts';

interface ReportFlags {
  readonly out?: string;
  readonly format: Format;
}

export function reportCommand(): Command {
  const report = new Command('report')
    .description('Rebuild every output of a run from its journal. Ends with the exit code of the run.')
    .argument('<journal>', 'the .jsonl file beside the report')
    .option('--out <dir>', 'folder of the rebuilt files (default: beside the journal)')
    .addOption(new Option('--format <format>', 'what to rebuild').choices(formats).default('all'))
    .action((journal: string, flags: ReportFlags) => {
      process.exitCode = rebuild([journal], flags, basename(journal).replace(/(\.journal)?\.jsonl$/, ''));
    });
  report
    .command('merge')
    .description('Join the journals of the shards of one run into one report.')
    .argument('<journal...>', 'the .jsonl file of each shard')
    .action((journals: string[], _flags: unknown, merge: Command) => {
      process.exitCode = rebuild(journals, merge.optsWithGlobals<ReportFlags>(), 'charter-merged');
    });
  return report.addCommand(fetchCommand());
}

function rebuild(paths: readonly string[], { out, format }: ReportFlags, name: string): number {
  const journals = paths.map(readJournal);
  const state = fold(eventsOf(journals.map(({ events }) => events)));
  const torn = journals.reduce((sum, journal) => sum + journal.torn, 0);
  const lines = format === 'all' || format === 'terminal' ? closingLines(styleOfStdout(), state) : [];
  if (torn > 0)
    lines.push(
      `journal: ${torn} ${torn === 1 ? 'line' : 'lines'} could not be read and ${torn === 1 ? 'was' : 'were'} left out`,
    );
  let code = exitCodeOf(state, { production: isProduction(state) });
  try {
    for (const path of writeReports(join(out ?? dirname(paths[0] ?? '.'), `${name}.xml`), state, format))
      lines.push(`report: ${path}`);
  } catch (error) {
    if (!(error instanceof CharterError)) throw error;
    printError(error);
    code = exitCodes.unwritten;
  }
  for (const line of lines) process.stdout.write(`${line}\n`);
  printSummaryLine(summaryLine(state));
  return code;
}

function eventsOf(journals: readonly (readonly JournalEvent[])[]): readonly JournalEvent[] {
  const [only, ...others] = journals;
  return only !== undefined && others.length === 0 ? only : mergeEvents(journals);
}

const styleOfStdout = () =>
  styleFor({ isTTY: process.stdout.isTTY, columns: process.stdout.columns, env: process.env });
