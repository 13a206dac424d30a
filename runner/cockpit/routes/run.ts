// A run: its page, one case of it, its downloads, its live view.
import type { Hono } from 'hono';
import { ctrfText, junit } from '../../report/index.ts';
import type { RunHead } from '../../store/index.ts';
import { filterAsked, pageAsked, rowsOfPage } from '../asked.ts';
import { type Asked, type Cockpit, type CockpitEnv, show, showProblem } from '../context.ts';
import { caseWords, partWords, statuses, verdictSentence } from '../html/words.ts';
import { caseOfRun } from '../pages/case-of-run.ts';
import { casesPerPage } from '../pages/case-table.ts';
import { caseLabel } from '../pages/case-title.ts';
import { livePage } from '../pages/live.ts';
import { networkCampaign, networkPage, stepsPerPage } from '../pages/network.ts';
import { problems } from '../pages/problem.ts';
import { failuresPerPage, runPage } from '../pages/run.ts';
import { quarantinedIn } from '../quarantined.ts';
import { runEvents } from './run-events.ts';

const historyLength = 20;
const mostOnLive = 10;
const mostSkips = { reasons: 5, cases: 3 };

export function runRoutes(app: Hono<CockpitEnv>, cockpit: Cockpit): void {
  const { reads } = cockpit;
  const withRun =
    (answer: (asked: Asked, head: RunHead) => Promise<Response>) =>
    async (asked: Asked): Promise<Response> => {
      const head = await reads.run(asked.req.param('run') ?? '');
      return head === undefined ? showProblem(asked, problems.notFound) : answer(asked, head);
    };

  app.get(
    '/runs/:run',
    withRun((asked, head) => page(asked, cockpit, head)),
  );

  app.get(
    '/runs/:run/case',
    withRun(async (asked, head) => {
      const key = asked.req.query('key') ?? '';
      const item = await reads.case(head.run, key);
      if (item === undefined) return showProblem(asked, problems.notFound);
      const history = await reads.history(head.environment, [key], historyLength, head.startedAt);
      const { tone } = caseWords(item);
      const title = `${caseLabel(item)} ${item.title}`;
      return show(
        asked,
        { title, at: 'runs', tone },
        caseOfRun({ head, item, history: history.get(key) ?? [], quarantine: cockpit.quarantine() }),
      );
    }),
  );

  app.get(
    '/runs/:run/live',
    withRun(async (asked, head) => {
      const first = { limit: mostOnLive, offset: 0 };
      const [failed, errors] = await Promise.all([
        reads.cases(head.run, { verdict: 'failed' }, first),
        reads.cases(head.run, { verdict: 'error' }, first),
      ]);
      const rows = [...failed.rows, ...errors.rows].slice(0, mostOnLive);
      const bad = { rows, total: failed.total + errors.total };
      const frame = { title: verdictSentence(head), at: 'runs', tone: statuses[head.status].tone } as const;
      const refresh = head.status === 'running' ? { refreshSeconds: 10 } : {};
      return show(asked, { ...frame, ...refresh }, livePage({ head, bad }));
    }),
  );

  app.get(
    '/runs/:run/network',
    withRun(async (asked, head) => {
      const page = pageAsked((name) => asked.req.query(name));
      const [cells, failures] = await Promise.all([
        reads.campaigns([head.run]),
        reads.failures(head.run, { campaign: networkCampaign }, rowsOfPage(page, stepsPerPage)),
      ]);
      const cell = cells.find(({ campaign }) => campaign === networkCampaign);
      return show(
        asked,
        { title: 'Network matrix', at: 'runs' },
        networkPage({ head, cell, failures, page }),
      );
    }),
  );

  app.get(
    '/runs/:run/events',
    withRun(async (asked, { run }) => runEvents(asked, cockpit.live, run)),
  );

  for (const { name, ending, type, text } of downloads)
    app.get(
      `/runs/:run/${name}`,
      withRun(async (asked, { run }) => {
        const state = await reads.state(run);
        if (state === undefined) return showProblem(asked, problems.notFound);
        const file = `charter-${run.replace(/[^\w.-]/g, '_').slice(0, 100)}.${ending}`;
        return asked.body(text(state), 200, {
          'Content-Type': `${type}; charset=utf-8`,
          'Content-Disposition': `attachment; filename="${file}"`,
        });
      }),
    );
}

const downloads = [
  { name: 'junit.xml', ending: 'xml', type: 'application/xml', text: junit },
  { name: 'ctrf.json', ending: 'ctrf.json', type: 'application/json', text: ctrfText },
] as const;

async function page(asked: Asked, { reads, now, ...cockpit }: Cockpit, head: RunHead): Promise<Response> {
  const quarantine = cockpit.quarantine();
  const query = (name: string) => asked.req.query(name);
  const filter = filterAsked(query);
  const [casePage, failurePage] = [pageAsked(query), pageAsked(query, 'failures')];
  const { verdict: _, ...place } = filter;
  const [properties, failures, cases, skips, cells, personas, quarantined] = await Promise.all([
    reads.properties(head.run),
    reads.failures(head.run, place, rowsOfPage(failurePage, failuresPerPage)),
    reads.cases(head.run, filter, rowsOfPage(casePage, casesPerPage)),
    reads.skips(head.run, mostSkips),
    reads.campaigns([head.run]),
    reads.personas(head.run),
    quarantinedIn(reads, head.run, quarantine),
  ]);
  const keys = failures.rows.map(({ key }) => key);
  const histories = await reads.history(head.environment, keys, historyLength, head.startedAt);
  const campaigns = cells.map(({ campaign }) => campaign);
  const hasNetwork = campaigns.includes(networkCampaign) ? 'network matrix' : 'none';
  return show(
    asked,
    { title: titleOf(head), at: 'runs', tone: statuses[head.status].tone },
    runPage({
      ...{ head, run: head.run, properties, failures, failurePage, histories, skips, cells, hasNetwork },
      ...{ cases, filter, page: casePage, campaigns, personas, now: now(), quarantine, quarantined },
    }),
  );
}

const titleOf = (head: RunHead): string =>
  [`${head.environment}: ${verdictSentence(head)}`, partWords(head)].filter(Boolean).join(', ');
