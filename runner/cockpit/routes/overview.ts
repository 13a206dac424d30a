// `/` and `/environments/:environment`.
import type { Hono } from 'hono';
import type { EnvironmentHead, RunHead } from '../../store/index.ts';
import { type Cockpit, type CockpitEnv, show, showProblem } from '../context.ts';
import { isForgotten, isGreen, lastWords } from '../freshness.ts';
import { verdictSentence } from '../html/words.ts';
import { firstStart } from '../pages/first-start.ts';
import { type Overview, overview } from '../pages/overview.ts';
import { problems } from '../pages/problem.ts';
import { quarantinedIn } from '../quarantined.ts';

const shownRuns = 30;
const shownParts = 10;
const shownChanges = 6;

export function overviewRoutes(app: Hono<CockpitEnv>, cockpit: Cockpit): void {
  app.get('/', async (asked) => {
    const environments = await cockpit.reads.environments();
    const shown = mostUrgent(environments, cockpit.now());
    if (shown === undefined)
      return show(asked, { title: 'No run yet', at: 'overview', refreshSeconds: 30 }, firstStart);
    return show(asked, frameOf(shown, cockpit.now()), overview(await gathered(cockpit, environments, shown)));
  });
  app.get('/environments/:environment', async (asked) => {
    const environments = await cockpit.reads.environments();
    const shown = environments.find(({ environment }) => environment === asked.req.param('environment'));
    if (shown === undefined) return showProblem(asked, problems.notFound);
    return show(asked, frameOf(shown, cockpit.now()), overview(await gathered(cockpit, environments, shown)));
  });
}

/**
 * The newest of those whose last run did not pass, else of those whose green is old, else simply the newest. One that was
 * never green and is forgotten leads only where there is no other: its last word would stand before all others for ever.
 */
export function mostUrgent(
  environments: readonly EnvironmentHead[],
  now: number,
): EnvironmentHead | undefined {
  const others = environments.filter((one) => !isForgotten(one, now));
  return mostUrgentOf(others.some(({ last }) => last !== undefined) ? others : environments, now);
}

function mostUrgentOf(environments: readonly EnvironmentHead[], now: number): EnvironmentHead | undefined {
  return (
    environments.find(({ last }) => last !== undefined && last.status !== 'passed') ??
    environments.find(({ last }) => last !== undefined && !isGreen(last, now)) ??
    environments[0]
  );
}

function frameOf({ environment, last, running }: EnvironmentHead, now: number) {
  const title = last === undefined ? environment : `${environment}: ${verdictSentence(last)}`;
  const tone = last === undefined ? ('notrun' as const) : lastWords(last, now).tone;
  return { title, at: 'overview', tone, refreshSeconds: running === undefined ? 120 : 15 } as const;
}

async function gathered(
  { reads, now, ...cockpit }: Cockpit,
  environments: readonly EnvironmentHead[],
  shown: EnvironmentHead,
): Promise<Overview> {
  const { last, environment } = shown;
  const quarantine = cockpit.quarantine();
  const [recent, before] = await Promise.all([
    reads.recent(environment, shownRuns),
    last === undefined ? undefined : reads.previous(last),
  ]);
  const runs = fitting(recent).toReversed();
  const isCompared = last !== undefined && before !== undefined;
  const [cells, changes, dropped, quarantined] = await Promise.all([
    reads.campaigns(runs.map(({ run }) => run)),
    isCompared ? reads.changes(last.run, before.run, shownChanges) : [],
    isCompared ? reads.dropped(last.run, before.run) : 0,
    last === undefined ? 0 : quarantinedIn(reads, last.run, quarantine),
  ]);
  return {
    ...{ environments, shown, before, changes, dropped, quarantine, quarantined, runs, cells },
    now: now(),
  };
}

/** As many as the page has room for, newest first; repeats by hand take a third of it, unless there is nothing else to show. */
function fitting(recent: readonly RunHead[]): readonly RunHead[] {
  const isPart = ({ selection, shard }: RunHead) => selection !== undefined || shard !== undefined;
  const { parts = [], whole = [] } = Object.groupBy(recent, (head) => (isPart(head) ? 'parts' : 'whole'));
  const shown = new Set(parts.slice(0, Math.max(shownParts, shownRuns - whole.length)));
  const nights = new Set(whole.slice(0, shownRuns - shown.size));
  return recent.filter((head) => shown.has(head) || nights.has(head));
}
