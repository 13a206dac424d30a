// `/` and `/environments/:environment`.
import type { Hono } from 'hono';
import type { EnvironmentHead } from '../../store/index.ts';
import { type Cockpit, type CockpitEnv, show, showProblem } from '../context.ts';
import { statuses, verdictSentence } from '../html/words.ts';
import { firstStart } from '../pages/first-start.ts';
import { type Overview, overview } from '../pages/overview.ts';
import { problems } from '../pages/problem.ts';

const shownRuns = 30;
const shownChanges = 6;

export function overviewRoutes(app: Hono<CockpitEnv>, cockpit: Cockpit): void {
  app.get('/', async (asked) => {
    const environments = await cockpit.reads.environments();
    const shown = mostUrgent(environments);
    if (shown === undefined)
      return show(asked, { title: 'No run yet', at: 'overview', refreshSeconds: 30 }, firstStart);
    return show(asked, frameOf(shown), overview(await gathered(cockpit, environments, shown)));
  });
  app.get('/environments/:environment', async (asked) => {
    const environments = await cockpit.reads.environments();
    const shown = environments.find(({ environment }) => environment === asked.req.param('environment'));
    if (shown === undefined) return showProblem(asked, problems.notFound);
    return show(asked, frameOf(shown), overview(await gathered(cockpit, environments, shown)));
  });
}

/** The newest of those whose last run is not green, else simply the newest. */
export function mostUrgent(environments: readonly EnvironmentHead[]): EnvironmentHead | undefined {
  return environments.find(({ last }) => last !== undefined && last.status !== 'passed') ?? environments[0];
}

function frameOf({ environment, last, running }: EnvironmentHead) {
  const title = last === undefined ? environment : `${environment}: ${verdictSentence(last)}`;
  const tone = last === undefined ? ('notrun' as const) : statuses[last.status].tone;
  return { title, at: 'overview', tone, refreshSeconds: running === undefined ? 120 : 15 } as const;
}

async function gathered(
  { reads, now }: Cockpit,
  environments: readonly EnvironmentHead[],
  shown: EnvironmentHead,
): Promise<Overview> {
  const { last, environment } = shown;
  const [recent, before] = await Promise.all([
    reads.runs({ environment }, { limit: shownRuns, offset: 0 }),
    last === undefined ? undefined : reads.previous(last),
  ]);
  const runs = recent.rows.toReversed();
  const [cells, changes] = await Promise.all([
    reads.campaigns(runs.map(({ run }) => run)),
    last === undefined || before === undefined ? [] : reads.changes(last.run, before.run, shownChanges),
  ]);
  return { environments, shown, before, changes, runs, cells, now: now() };
}
