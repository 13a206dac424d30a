// What Postgres really does for each question of the pages: the plans of the statements that the cockpit sends and of those within their
// functions, as auto_explain tells them while they run. So nothing is explained that is not asked, and nothing that is asked is left out.
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { type CockpitReads, cockpitReads, type PostgresPlace } from '../runner/store/index.ts';
import type { Database } from '../runner/store/schema.ts';
import { table } from './measure.ts';

export type Questions = (reads: CockpitReads) => Readonly<Record<string, () => Promise<unknown>>>;

/** Tables of fewer rows are quicker read as a whole. */
const large = 5_000;

export interface Reading {
  readonly question: string;
  readonly statements: number;
  readonly rows: number;
  readonly indexes: readonly string[];
  /** In words: each walk through half of a large table. */
  readonly walks: readonly string[];
}

/** Prints what each question reads. Throws, after all of it, where one walks through half of a large table. */
export async function showPlans(place: PostgresPlace, questions: Questions): Promise<void> {
  const readings = await readingsOf(place, questions);
  table(
    'what each question reads',
    ['question', 'statements', 'rows', 'indexes'],
    readings.map(({ question, statements, rows, indexes }) => [
      ...[question, `${statements}`, rows.toLocaleString('en'), indexes.join(' ')],
    ]),
  );
  const walks = readings.flatMap((reading) => reading.walks);
  if (walks.length > 0) throw new Error(`not only what it needs:\n${walks.join('\n')}`);
}

export async function readingsOf(place: PostgresPlace, questions: Questions): Promise<readonly Reading[]> {
  let told: Plan[] = [];
  const pool = new pg.Pool({ ...place.connection.pool, max: 1, options: explaining });
  pool.on('connect', (client) => {
    client.on('notice', ({ message = '' }) => told.push(...planOf(message)));
  });
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
  const store = { db, name: 'explained', close: () => db.destroy(), abandon: () => {} };
  try {
    const sizes = await sizesOf(pool);
    const readings: Reading[] = [];
    for (const [question, ask] of Object.entries(questions(cockpitReads(store)))) {
      told = [];
      await ask();
      if (told.length === 0) throw new Error(`auto_explain says nothing of ${question}: is it installed?`);
      const scans = scansOf(told);
      const walks = [...Map.groupBy(scans, (scan) => scan.relation)].flatMap(([relation, same]) => {
        const size = sizes.get(relation) ?? 0;
        const most = Math.max(...same.map((scan) => scan.rows));
        return size >= large && most >= size / 2 ? [`${question} reads ${most} of ${size} ${relation}s`] : [];
      });
      readings.push({
        ...{ question, walks, statements: told.length },
        rows: scans.reduce((sum, scan) => sum + scan.rows, 0),
        indexes: [...new Set(scans.flatMap(({ index }) => index ?? []))],
      });
    }
    return readings;
  } finally {
    await store.close();
  }
}

/** Of the session: what a server needs no restart for. */
const explaining = [
  ...['session_preload_libraries=auto_explain', 'client_min_messages=log', 'jit=off'],
  ...[
    'log_min_duration=0',
    'log_analyze=on',
    'log_timing=off',
    'log_nested_statements=on',
    'log_format=json',
  ].map((setting) => `auto_explain.${setting}`),
]
  .map((setting) => `-c ${setting}`)
  .join(' ');

interface Plan {
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  /** Of each loop. */
  readonly 'Actual Rows'?: number;
  readonly 'Actual Loops'?: number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Plan[];
}

function planOf(notice: string): Plan[] {
  const json = /^duration: .* plan:\n([\s\S]*)$/.exec(notice)?.[1];
  return json === undefined ? [] : [(JSON.parse(json) as { readonly Plan: Plan }).Plan];
}

interface Scan {
  readonly relation: string;
  readonly index: string | undefined;
  readonly rows: number;
}

/** What a plan names and never did is no scan. An index that only finds rows for the table above it has no table of its own. */
function scansOf(plans: readonly Plan[]): Scan[] {
  return plans.flatMap((plan): Scan[] => {
    const { 'Relation Name': relation, 'Index Name': index, 'Actual Loops': loops = 0 } = plan;
    const rows = ((plan['Actual Rows'] ?? 0) + (plan['Rows Removed by Filter'] ?? 0)) * loops;
    const own =
      loops === 0 || (relation ?? index) === undefined ? [] : [{ relation: relation ?? '', index, rows }];
    return [...own, ...scansOf(plan.Plans ?? [])];
  });
}

async function sizesOf(pool: pg.Pool): Promise<ReadonlyMap<string, number>> {
  const { rows } = await pool.query<{ name: string; size: number }>(
    `select relname as name, reltuples::float as size from pg_class where relnamespace = 'charter'::regnamespace and relkind = 'r'`,
  );
  return new Map(rows.map(({ name, size }) => [name, size]));
}
