// What other pages and programs take: the widget, the badge, JSON, metrics, and the answers for probes.
import type { Hono } from 'hono';
import type { EnvironmentHead } from '../../store/index.ts';
import { textAsked } from '../asked.ts';
import { assets, lastingStylePath } from '../assets.ts';
import { type Asked, type Cockpit, type CockpitEnv, showProblem } from '../context.ts';
import { lastWords } from '../freshness.ts';
import type { Tone } from '../html/words.ts';
import { lastRun } from '../last-run.ts';
import { metricsText } from '../metrics.ts';
import { problems } from '../pages/problem.ts';
import { widgetFragment, widgetPage } from '../pages/widget.ts';
import { briefly, problemOf } from '../problem-of.ts';
import { badge, badgeType, icon } from '../svg/badge.ts';
import { flakeRuns } from './lists.ts';
import { mostUrgent } from './overview.ts';

export function elsewhereRoutes(app: Hono<CockpitEnv>, { reads, now, publicUrl }: Cockpit): void {
  const asking = async (asked: Asked): Promise<EnvironmentHead | undefined> => {
    const environments = await reads.environments();
    const environment = textAsked((name) => asked.req.query(name), 'environment');
    return environment === undefined
      ? mostUrgent(environments, now())
      : environments.find((one) => one.environment === environment);
  };

  app.get('/widget', async (asked) => {
    const found = await asking(asked);
    if (found === undefined) return showProblem(asked, problems.notFound);
    return asked.html(await widgetPage(await widgetFragment(found, now(), publicUrl)));
  });
  app.get('/widget/fragment', async (asked) => {
    const found = await asking(asked);
    return found === undefined
      ? asked.text('', 404)
      : asked.html(await widgetFragment(found, now(), publicUrl));
  });
  app.get('/api/last-run', async (asked) => {
    const found = await asking(asked);
    return found === undefined
      ? asked.json({ error: 'no run of this environment' }, 404)
      : asked.json(lastRun(found, now()));
  });
  app.get('/badge.svg', async (asked) => {
    const found = await asking(asked);
    const { last } = found ?? {};
    const none = found === undefined ? 'no run' : 'no whole run';
    const words = last === undefined ? { short: none, tone: 'notrun' as const } : lastWords(last, now());
    asked.header('Cache-Control', 'no-cache, max-age=60');
    return asked.body(badge(found?.environment, words.short, words.tone), 200, badgeType);
  });
  app.get('/icon.svg', (asked) => {
    const tone = textAsked((name) => asked.req.query(name), 'tone');
    asked.header('Cache-Control', 'public, max-age=86400');
    return asked.body(icon(tones.find((one) => one === tone) ?? 'notrun'), 200, badgeType);
  });
  app.get('/metrics', async (asked) => {
    const [environments, flakes] = await Promise.all([
      reads.environments(),
      reads.flakes(undefined, flakeRuns, 1_000),
    ]);
    return asked.body(await metricsText({ environments, flakes, now: now() }), 200, {
      'Content-Type': 'text/plain; version=0.0.4; charset=utf-8',
    });
  });
  // Alive without a database: a restart of the cockpit does not bring one back. Ready only with it.
  app.get('/healthz', (asked) => asked.text('ok\n'));
  app.get('/readyz', async (asked) => {
    try {
      await reads.ping();
      return asked.text('ok\n');
    } catch (error) {
      return asked.text(`${briefly(problemOf(error))}\n`, 503);
    }
  });
  for (const { path, type, text } of Object.values(assets))
    app.get(path, (asked) => {
      asked.header('Cache-Control', 'public, max-age=31536000, immutable');
      return asked.body(text, 200, { 'Content-Type': type });
    });
  app.get(lastingStylePath, (asked) => {
    asked.header('Cache-Control', 'no-cache');
    return asked.body(assets.style.text, 200, { 'Content-Type': assets.style.type });
  });
}

const tones: readonly Tone[] = ['passed', 'failed', 'error', 'skipped', 'flaky', 'running', 'notrun'];
