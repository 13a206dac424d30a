// What storing a run costs on a Postgres of loopback, and how quick the pages are over a year of runs. `make bench ARGS=store`;
// CHARTER_BENCH_RUNS says how many runs of 500 cases lie in the database (10,000).
import { sql } from 'kysely';
import { createCockpit } from '../runner/cockpit/index.ts';
import type { JournalEvent } from '../runner/journal/index.ts';
import { type CockpitReads, cockpitReads, openStore, type Store } from '../runner/store/index.ts';
import { fillWithRuns, postgresMissing, startPostgres } from '../runner/store/testing.ts';
import { pushEvents } from '../runner/store/write/push.ts';
import { table } from './measure.ts';

const casesPerRun = 500;

export async function benchStore(): Promise<void> {
  const missing = postgresMissing();
  if (missing !== undefined) return void process.stdout.write(`\nstore: ${missing}\n`);
  const settings = ['shared_buffers = 512MB', 'max_wal_size = 4GB', 'work_mem = 32MB', 'autovacuum = off'];
  const server = await startPostgres(settings);
  const place = server.place();
  const long = { ...place.connection.pool, statement_timeout: 0, query_timeout: 0 };
  const store = await openStore(
    { kind: 'postgres', connection: { ...place.connection, pool: long } },
    { schema: 'migrate' },
  );
  try {
    await benchWriting(store);
    await benchPages(store, Number(process.env.CHARTER_BENCH_RUNS ?? 10_000));
  } finally {
    await store.close();
    await server.stop();
  }
}

let named = 0;

/** A finished run as its journal tells it; the plan of a suite is known after the first. */
function finishedRun(count: number): JournalEvent[] {
  const at = new Date().toISOString();
  const keys = Array.from({ length: count }, (_, i) => `B-${i % 20}/${i}`);
  const cases = keys.map((key, i) => ({
    ...{
      key,
      campaign: `B-${i % 20}`,
      id: String(i),
      title: 'a case',
      file: 'b.ts',
      tags: [],
      targets: ['trino'],
    },
  }));
  return [
    { event: 'run-started', at, run: `bench-${++named}`, host: 'h', environment: 'bench', properties: {} },
    { event: 'planned', at, cases },
    ...keys.flatMap((key): JournalEvent[] => [
      { event: 'case-started', at, key, attempt: 1 },
      { event: 'case-ended', at, key, attempt: 1, durationMs: 5, outcome: { verdict: 'passed' } },
    ]),
  ];
}

async function benchWriting(store: Store): Promise<void> {
  const rows: string[][] = [];
  for (const [count, aim] of [
    [1_000, 15],
    [10_000, 150],
  ] as const) {
    const first = await timed(() => pushEvents(store, finishedRun(count)));
    const times: number[] = [];
    for (let i = 0; i < 9; i++) {
      const events = finishedRun(count);
      times.push(await timed(() => pushEvents(store, events)));
    }
    const end: JournalEvent = {
      event: 'run-ended',
      at: new Date().toISOString(),
      exitCode: 0,
      reason: 'completed',
    };
    const events = finishedRun(count);
    await pushEvents(store, events);
    const ending = await timed(() => pushEvents(store, [...events, end]));
    rows.push([
      count.toLocaleString('en'),
      ...[Math.min(...times), median(times), first, ending].map((ms) => `${ms.toFixed(1)} ms`),
      `${aim} ms`,
    ]);
  }
  table(
    'store: a run row and its cases, on loopback',
    ['cases', 'best of 9', 'median', 'with a new plan', 'again, counted and ended', 'aim'],
    rows,
  );
}

async function benchPages(store: Store, runs: number): Promise<void> {
  const filled = await timed(() => fillWithRuns(store, { runs, casesPerRun }));
  await sql`vacuum analyze`.execute(store.db);
  const reads = cockpitReads(store);
  const ids = Array.from({ length: 30 }, (_, i) => `gen-${String(2 * i + 1).padStart(6, '0')}`);
  const red = 'gen-000003';
  const page = { limit: 50, offset: 0 };
  const pages: Record<string, () => Promise<unknown>> = {
    'overview: platforms': () => reads.environments(),
    'overview: last 30 runs': () => reads.runs({ environment: 'staging' }, { limit: 30, offset: 0 }),
    'overview: campaigns x 30 runs': () => reads.campaigns(ids),
    'overview: changes': () => reads.changes(red, 'gen-000005', 20),
    'run: head': () => reads.run(red),
    'run: failures': () => reads.failures(red, {}, page),
    'run: cases': () => reads.cases(red, {}, page),
    'run: skips': () => reads.skips(red, 3),
    'case: history of 100 runs': () => reads.history('staging', ['G-1/7'], 100),
    'flakes of 100 runs': () => reads.flakes('staging', 100, 50),
  };
  const rows = await timesOf(pages, '10 ms');
  const size = await sql<{
    size: string;
  }>`select pg_size_pretty(pg_database_size(current_database())) as size`.execute(store.db);
  const title = `pages over ${runs.toLocaleString('en')} runs of ${casesPerRun} cases (${size.rows[0]?.size}, filled in ${(filled / 1_000).toFixed(0)} s)`;
  table(title, ['query', 'best of 40', 'median', 'p95', 'aim'], rows);
  await showPlans(store, red, runs);
  await benchAnswers(reads, red);
}

/** From the request to the last byte of the page, everything that SQL does included. */
async function benchAnswers(reads: CockpitReads, red: string): Promise<void> {
  const { app, close } = createCockpit({ reads, now: Date.now });
  const answer = async (path: string): Promise<void> => {
    const { status, body } = await app.request(path);
    if (status !== 200) throw new Error(`${path} answers ${status}`);
    await new Response(body).arrayBuffer();
  };
  const paths = [
    '/',
    '/runs',
    `/runs/${red}`,
    '/case?environment=staging&key=G-1%2F7',
    '/flakes',
    '/metrics',
  ];
  const answers = Object.fromEntries(paths.map((path) => [path, () => answer(path)]));
  table(
    'answers of the cockpit',
    ['page', 'best of 40', 'median', 'p95', 'aim'],
    await timesOf(answers, '50 ms'),
  );
  close();
}

async function timesOf(
  questions: Readonly<Record<string, () => Promise<unknown>>>,
  aim: string,
): Promise<string[][]> {
  const rows: string[][] = [];
  for (const [name, ask] of Object.entries(questions)) {
    await ask();
    const times: number[] = [];
    for (let i = 0; i < 40; i++) times.push(await timed(ask));
    const figures = [Math.min(...times), median(times), percentile(times, 0.95)];
    rows.push([name, ...figures.map((ms) => `${ms.toFixed(1)} ms`), aim]);
  }
  return rows;
}

/** Index use, as Postgres tells it: no plan may walk through all attempts. */
async function showPlans({ db }: Store, run: string, runs: number): Promise<void> {
  const questions: Record<string, ReturnType<typeof sql>> = {
    'results of a run': sql`select * from charter.case_result where run_id = ${run}`,
    'history of a case': sql`select verdict from charter.case_result where case_id = md5('G-1/7')::uuid
      and run_id in ('gen-000001', 'gen-000003', 'gen-000005')`,
    'runs of a platform': sql`select * from charter.run where environment = 'staging' order by began_at desc, id desc limit 30`,
    'what is not a plain pass': sql`select case_id, verdict from charter.blemish where run_id = ${run}`,
  };
  const rows: string[][] = [];
  for (const [name, question] of Object.entries(questions)) {
    const { rows: plan } = await sql<{ 'QUERY PLAN': string }>`explain ${question}`.execute(db);
    const text = plan.map((line) => line['QUERY PLAN']).join('\n');
    const used = [
      ...new Set(
        [...text.matchAll(/(?:Index (?:Only )?Scan.*? using|Bitmap Index Scan on) (\w+)/g)].map(
          ([, index]) => index ?? '',
        ),
      ),
    ];
    // A small table is quicker read as a whole.
    if (runs >= 1_000 && /Seq Scan on (?:attempt|blemish|run)\b/.test(text))
      throw new Error(`${name} walks through a whole table:\n${text}`);
    rows.push([name, used.join(', ')]);
  }
  table('indexes that EXPLAIN names', ['query', 'indexes'], rows);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

function percentile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1] ?? Number.NaN;
}

const median = (values: readonly number[]): number => percentile(values, 0.5);
