// Pages over many runs: all runs, the history of a case, flaky cases.
import type { Hono } from 'hono';
import type { HistoryPoint } from '../../store/index.ts';
import { pageAsked, rowsOfPage, textAsked } from '../asked.ts';
import { type Cockpit, type CockpitEnv, show, showProblem } from '../context.ts';
import { links } from '../html/links.ts';
import { casePage, isRedThroughout, newestResult } from '../pages/case.ts';
import { caseLabel } from '../pages/case-title.ts';
import { flakesPage } from '../pages/flakes.ts';
import { pagesOf } from '../pages/paging.ts';
import { problems } from '../pages/problem.ts';
import { runsPage, runsPerPage } from '../pages/runs.ts';

const historyLength = 50;
export const flakeRuns = 30;
const shownFlakes = 20;

export function listRoutes(app: Hono<CockpitEnv>, { reads, quarantine }: Cockpit): void {
  app.get('/runs', async (asked) => {
    const query = (name: string) => asked.req.query(name);
    const page = pageAsked(query);
    const environment = textAsked(query, 'environment');
    const [runs, environments] = await Promise.all([
      reads.runs(environment === undefined ? {} : { environment }, rowsOfPage(page, runsPerPage)),
      reads.environmentNames(),
    ]);
    if (runs.rows.length === 0 && page > 1) {
      const last = pagesOf(await reads.runCount(environment), runsPerPage);
      const only = environment === undefined ? {} : { environment };
      return asked.redirect(links.runs(last === 1 ? only : { ...only, page: last }));
    }
    return show(asked, { title: 'Runs', at: 'runs' }, runsPage({ runs, environment, environments, page }));
  });

  const resultBefore = async (environment: string, key: string, history: readonly HistoryPoint[]) => {
    const [oldest] = history;
    if (oldest === undefined || !isRedThroughout(history)) return undefined;
    const until = new Date(Date.parse(oldest.startedAt) - 1).toISOString();
    return newestResult((await reads.history(environment, [key], historyLength, until)).get(key) ?? []);
  };

  app.get('/case', async (asked) => {
    const { environment = '', key = '' } = asked.req.query();
    const history = (await reads.history(environment, [key], historyLength)).get(key) ?? [];
    const last = history.at(-1);
    const item = await (last === undefined ? reads.named(environment, key) : reads.case(last.run, key));
    if (item === undefined) return showProblem(asked, problems.notFound);
    const [flake] = await reads.flakes(environment, historyLength, 1, key);
    const title = `${caseLabel(item)} in ${environment}`;
    return show(
      asked,
      { title, at: 'runs' },
      casePage({
        ...{ environment, item, history, before: await resultBefore(environment, key, history) },
        ...{ runs: historyLength, flake, quarantine: quarantine() },
      }),
    );
  });

  app.get('/flakes', async (asked) => {
    const environment = textAsked((name) => asked.req.query(name), 'environment');
    const [environments, worst] = await Promise.all([
      reads.environmentNames(),
      reads.flakes(environment, flakeRuns, shownFlakes),
    ]);
    const flakes = worst.slice(0, shownFlakes);
    const histories = new Map(
      await Promise.all(
        [...Map.groupBy(flakes, (flake) => flake.environment)].map(
          async ([name, same]) =>
            [
              name,
              await reads.history(
                name,
                same.map(({ key }) => key),
                flakeRuns,
              ),
            ] as const,
        ),
      ),
    );
    return show(
      asked,
      { title: 'Flaky cases', at: 'flakes' },
      flakesPage({ environment, environments, runs: flakeRuns, flakes, histories, quarantine: quarantine() }),
    );
  });
}
