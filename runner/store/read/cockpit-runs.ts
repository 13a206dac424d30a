// Runs for the cockpit: heads, environments, and how the campaigns of some runs did.
import { sql } from 'kysely';
import { startKey } from '../../journal/index.ts';
import { staleAt } from '../migrations/008-lookups.ts';
import { isWhole } from '../migrations/012-parts.ts';
import type { Store } from '../open.ts';
import type { CampaignTallyRow } from '../schema.ts';
import { caseId } from '../write/identity.ts';
import { endedBy, goesOn, type HeadRow, headColumns, headOf, isFirstTry, iso } from './cockpit-rows.ts';
import type { CampaignCell, CockpitReads, EnvironmentHead, RunHead } from './cockpit-types.ts';
import { isWholeRun, newestOf, windowOf } from './recent-runs.ts';

type Reads = Pick<
  CockpitReads,
  | 'environments'
  | 'environmentNames'
  | 'runs'
  | 'runCount'
  | 'recent'
  | 'run'
  | 'previous'
  | 'properties'
  | 'campaigns'
  | 'personas'
  | 'ping'
>;

/** The names of environments, each found by one step in the index: there are few, and many runs of each. */
export const walk = sql`with recursive walk as (
    (select environment from charter.run order by environment limit 1)
    union all
    select (select r.environment from charter.run r where r.environment > walk.environment order by r.environment limit 1)
    from walk where walk.environment is not null
  )`;

/** The charter of a lone shard is whole, and it ran a part of that: its red is told, its green is none. */
const isOfWhole = sql.raw(isWhole('v'));

export function runReads({ db }: Pick<Store, 'db'>): Reads {
  const run = async (id: string): Promise<RunHead | undefined> => {
    const { rows } =
      await sql<HeadRow>`select ${headColumns} from charter.run_view v where v.id = ${id}`.execute(db);
    return rows[0] === undefined ? undefined : headOf(rows[0]);
  };
  return {
    run,
    environmentNames: async () => {
      const { rows } = await sql<{ readonly environment: string }>`
        ${walk} select environment from walk where environment is not null order by environment`.execute(db);
      return rows.map(({ environment }) => environment);
    },
    environments: async () => {
      const { rows } = await sql<EnvironmentRow>`
        ${walk}, going as materialized (
          select distinct on (v.environment) v.environment, v.id from charter.run_view v
          -- Few runs live at a time, so what has a fresh beat is looked at and not what began lately.
          where v.id = any (array(select run_id from charter.beat where ${sql.raw(staleAt)} > now() at time zone 'UTC'))
            and v.status = 'running'
          order by v.environment, ${isOfWhole} desc, v.began_at desc, v.id desc
        ), found as materialized (
          select w.environment, last.id as last, going.id as going, green.began_at as green_at, green.ended_by as green_end
          from walk w
          left join going on going.environment = w.environment
          left join lateral (
            select v.id from charter.run_view v
            where v.environment = w.environment and v.is_listed and (v.part <> 'shard' or v.status not in ('passed', 'nothing-proven')) and v.status <> 'running'
              and ${isOfWhole}
            order by v.began_at desc, v.id desc limit 1
          ) last on true
          left join lateral (
            select v.began_at, ${endedBy} as ended_by from charter.run_view v
            -- Not by its status: how many runs passed is known to the planner by their exit code only.
            where v.environment = w.environment and v.is_listed and v.exit_code = 0 and ${isWholeRun('v')}
            order by v.began_at desc limit 1
          ) green on true
          where w.environment is not null
        )
        select f.environment as of_environment, f.green_at, f.green_end,
          case v.id when f.last then 'last' when f.going then 'running' end as role, ${headColumns}
        from found f left join charter.run_view v on v.id in (f.last, f.going)
        order by f.environment`.execute(db);
      const heads = Array.from(
        Map.groupBy(rows, (row) => row.of_environment),
        ([environment, same]): EnvironmentHead => {
          const headAs = (role: 'last' | 'running') => same.filter((row) => row.role === role).map(headOf)[0];
          const timeOf = (column: 'green_at' | 'green_end') => {
            const at = same[0]?.[column] ?? null;
            return at === null ? undefined : iso(at);
          };
          return {
            environment,
            last: headAs('last'),
            running: headAs('running'),
            lastGreenAt: timeOf('green_at'),
            lastGreenEndedAt: timeOf('green_end'),
          };
        },
      );
      return heads.toSorted((a, b) => (newest(a) < newest(b) ? 1 : -1));
    },
    runs: async ({ environment, of = 'anything', beginning }, { limit, offset }) => {
      const whole = of === 'whole' ? sql`and ${isWholeRun('r')}` : sql``;
      const only = beginning === undefined ? whole : sql`${whole} and starts_with(r.id, ${beginning})`;
      const listed = newestOf(environment === undefined ? undefined : sql`${environment}`, only);
      const { rows } = await sql<HeadRow>`select ${headColumns} from charter.run_view v
        where v.id = any (array(select r.id ${listed} limit ${limit + 1} offset ${offset}))
        order by v.began_at desc, v.id desc`.execute(db);
      return { rows: rows.slice(0, limit).map(headOf), hasMore: rows.length > limit };
    },
    runCount: async (environment) => {
      const listed = newestOf(environment === undefined ? undefined : sql`${environment}`);
      const { rows } = await sql<{ readonly count: number }>`
        select count(*)::integer as count from (select r.id ${listed}) as listed`.execute(db);
      return rows[0]?.count ?? 0;
    },
    recent: async (environment, limit) => {
      const { rows } = await sql<HeadRow>`select ${headColumns} from charter.run_view v
        where v.id = any (array(select id from (${windowOf(sql`${environment}`, limit)}) as looked_at))
        order by v.began_at desc, v.id desc`.execute(db);
      return rows.map(headOf);
    },
    previous: async ({ environment, startedAt, run: id }) => {
      const { rows } = await sql<HeadRow>`select ${headColumns} from charter.run_view v
        where v.environment = ${environment} and v.is_listed and ${isWholeRun('v')}
          and v.status in ('passed', 'failed', 'errors', 'nothing-proven', 'unwritten')
          -- One that could not start has no case to compare with: what fails since long would look new beside it.
          and not (v.cases = 1 and exists (select from charter.blemish b where b.run_id = v.id and b.case_id = ${caseId(startKey)}::uuid))
          and (v.began_at, v.id) < (${startedAt}::timestamptz, ${id})
        order by v.began_at desc, v.id desc limit 1`.execute(db);
      return rows[0] === undefined ? undefined : headOf(rows[0]);
    },
    properties: async (id) => {
      const { rows } = await sql<{ readonly name: string; readonly value: string }>`
        select p.key as name, p.value from charter.run r, json_each_text(r.properties) p where r.id = ${id}
        union all
        (select name, value from charter.property where run_id = ${id} order by n)`.execute(db);
      return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
    },
    campaigns: async (runs) => {
      if (runs.length === 0) return [];
      const columns = sql.join(cellNames.map((name) => sql.ref(name)));
      const inFlight = (id: string) => sql`
        select c.campaign, count(*)::integer as count
        from charter.open_attempt o join charter.run_case c on c.run_id = o.run_id and c.case_id = o.case_id
        where o.run_id = ${id} and ${isFirstTry} and ${goesOn(sql`${id}`)} group by c.campaign`;
      const ended =
        await sql<CellRow>`select ${columns} from charter.campaign_end where run_id in (${sql.join(runs)})`.execute(
          db,
        );
      const known = new Set(ended.rows.map(({ run_id }) => run_id));
      // Counted anew only for the few that have no end: the view would count all of them before it leaves any out.
      const going = await Promise.all(
        runs
          .filter((id) => !known.has(id))
          .map((id) =>
            sql<CellRow>`select n.run_id, n.campaign, n.passed, n.failed, n.error - coalesce(f.count, 0) as error, n.skipped,
              n.not_run + coalesce(f.count, 0) as not_run, n.duration_ms
              from charter.campaign_now n left join (${inFlight(id)}) f on f.campaign = n.campaign
              where n.run_id = ${id}`.execute(db),
          ),
      );
      const rows = [ended, ...going].flatMap((found) => found.rows);
      return rows.map(cellOf).toSorted((a, b) => inOrder.compare(a.campaign, b.campaign));
    },
    personas: async (id) => {
      const { rows } = await sql<{ readonly persona: string }>`
        select distinct c.persona from charter.run_plan p join charter.plan_case c on c.plan_id = p.plan_id
        where p.run_id = ${id} and c.persona is not null order by c.persona limit 50`.execute(db);
      return rows.map(({ persona }) => persona);
    },
    ping: async () => {
      await sql`select 1 from charter.run limit 1`.execute(db);
    },
  };
}

/** Of each environment up to two: its last run that is over, and one that goes on. */
interface EnvironmentRow extends HeadRow {
  readonly of_environment: string;
  readonly green_at: Date | null;
  readonly green_end: Date | null;
  readonly role: 'last' | 'running' | null;
}

const cellNames = [
  ...(['run_id', 'campaign', 'passed', 'failed', 'error', 'skipped', 'not_run', 'duration_ms'] as const),
];

type CellRow = Pick<CampaignTallyRow, (typeof cellNames)[number]>;

/** C-2 before C-10. Made once: asking a string to compare itself makes one each time, a hundred times slower. */
const inOrder = new Intl.Collator('en', { numeric: true });

function cellOf(row: CellRow): CampaignCell {
  const { run_id: run, campaign, passed, failed, error, skipped, not_run: notRun, duration_ms: timeMs } = row;
  return { run, campaign, passed, failed, error, skipped, notRun, timeMs };
}

const newest = ({ last, running }: EnvironmentHead): string => running?.startedAt ?? last?.startedAt ?? '';
