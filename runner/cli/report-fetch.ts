// `charter report fetch`: the JUnit file of a run to stdout and nothing else there, so that `kubectl logs` is the download.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { CharterError } from '../errors/index.ts';
import { readJournal } from '../journal/index.ts';
import { mergedEnding } from './merge-shards.ts';
import { standingOf, startOf } from './shard-journals.ts';

interface FetchFlags {
  readonly out?: string;
  readonly job?: string;
}

export function fetchCommand(): Command {
  return new Command('fetch')
    .description(
      'Print the newest JUnit file of the output folder, or that of a Job; the merged one where it ran in shards.',
    )
    .option('--out <dir>', 'folder of the reports (default: CHARTER_OUT, else charter-out)')
    .option('--job <name>', 'of this Job, by its name or UID')
    .action((_flags: unknown, fetch: Command) => {
      const { out = process.env.CHARTER_OUT ?? 'charter-out', job } = fetch.optsWithGlobals<FetchFlags>();
      const { xml, notes } = fetchReport(out, job);
      // In a Pod both streams are one log, and a note in it would spoil the XML.
      if (process.stderr.isTTY) for (const note of notes) process.stderr.write(`${note}\n`);
      process.stdout.write(xml);
    });
}

interface Kept {
  readonly path: string;
  readonly startedAt: string;
  readonly job: string | undefined;
  readonly jobName: string | undefined;
  readonly shard: string | undefined;
  readonly kind: 'run' | 'merged';
  readonly hasEnded: boolean;
}

interface Fetched {
  readonly xml: string;
  /** What a person at a terminal should know of it. */
  readonly notes: readonly string[];
}

/** Throws CHR_REPORT_MISSING. */
export function fetchReport(out: string, job: string | undefined): Fetched {
  const all = keptReports(out);
  const asked = job === undefined ? all : all.filter((one) => one.jobName === job || one.job === job);
  const newest = asked.reduce<Kept | undefined>((best, one) => (isNewer(one, best) ? one : best), undefined);
  if (newest === undefined) throw missing(out, all, job);
  const merged = all.find((one) => one.kind === 'merged' && one.job !== undefined && one.job === newest.job);
  const chosen = merged ?? newest;
  const notes = [
    `${chosen.path}: ${chosen.jobName === undefined ? '' : `Job ${chosen.jobName}, `}started ${chosen.startedAt}`,
    ...(chosen.hasEnded ? [] : ['its run has not ended; the file says what was known so far']),
    ...(chosen.kind === 'run' && chosen.shard !== undefined
      ? [`shard ${chosen.shard} alone; there is no merged report of its Job`]
      : []),
  ];
  return { xml: readFileSync(chosen.path, 'utf8'), notes };
}

function isNewer(one: Kept, other: Kept | undefined): boolean {
  return other === undefined || one.startedAt > other.startedAt;
}

function missing(out: string, all: readonly Kept[], job: string | undefined): CharterError {
  const names = [...new Set(all.map(({ jobName }) => jobName).filter((name) => name !== undefined))];
  const there = names.length === 0 ? '' : ` Reports there are of: ${names.join(', ')}.`;
  const what = job === undefined ? `no report in ${out}` : `no report of Job ${job} in ${out}.${there}`;
  return new CharterError('CHR_REPORT_MISSING', what);
}

function keptReports(out: string): Kept[] {
  const names = existsSync(out) ? readdirSync(out) : [];
  return names
    .filter((name) => name.endsWith('.jsonl') && !name.startsWith('.'))
    .flatMap((name) => {
      const base = name.slice(0, -'.jsonl'.length);
      const path = join(out, `${base}.xml`);
      const { events } = readJournal(join(out, name));
      const start = startOf(events);
      if (start === undefined || !existsSync(path)) return [];
      const { job, 'job-name': jobName, shard } = start.properties;
      return [
        {
          ...{ path, job, jobName, shard, startedAt: start.at },
          kind: base.endsWith(mergedEnding) ? ('merged' as const) : ('run' as const),
          hasEnded: standingOf(events) !== 'open',
        },
      ];
    });
}
