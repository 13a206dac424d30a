// Runs are rows in a Postgres of the cluster, and the cockpit shows them: what broke since the run before.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Look, looks, openChromium } from '../../../runner/cockpit/chromium-testing.ts';
import { pushEvents } from '../../../runner/store/write/push.ts';
import { inState } from '../../kind/paths.ts';
import { networkRun } from '../../network/runs.ts';
import { networkScene } from '../../network/scene.ts';
import { forward } from '../forward.ts';
import {
  ask,
  podLabels,
  removePostgres,
  scalePostgres,
  secrets,
  startPostgres,
  withStore,
} from '../postgres.ts';
import { pushJob } from '../push-job.ts';
import { summaryOf } from '../runs.ts';
import { type World, world } from '../world.ts';

const flaky = { case: 'C-11/11.1', owner: 'night-watch', reason: 'a test of marks', expires: '2099-12-31' };
const store = { secret: secrets.store, quarantine: [flaky] };
const stored = {
  database: { podLabels },
  store,
  cockpit: { enabled: true, secret: secrets.pages },
  suites: ['C-10', 'C-11'],
};

const allLooks = Object.keys(looks) as Look[];
const cockpit = 'akko-akko-charter-runner-cockpit';

let w: World;
beforeAll(async () => {
  w = await world();
  await startPostgres(w.kube, [w.worker]);
  await w.chart.install(stored);
  await w.kube.text('rollout', 'status', `deployment/${cockpit}`, '--timeout=120s');
});
afterAll(async () => {
  await w.faults.set('keycloak', fault, 'off');
  await w.chart.install();
  await removePostgres(w.kube);
});

const fault = 'keycloak-discovery-without-jwks-uri';

interface Row {
  readonly id: string;
  readonly status: string;
  readonly tests: number;
  readonly pass: number;
  readonly fail: number;
}

const rows = () => ask<Row>(w.kube, 'select * from charter.run_view order by started_at');

test('a run in a Pod is a row whose counts are those of SUMMARY', async () => {
  const { pods } = await w.runs.run('stored');
  expect(pods[0]?.exitCode).toBe(0);
  const counts = summaryOf(pods[0]?.log ?? '');
  const row = (await rows()).at(-1);
  expect(row).toMatchObject({ status: 'passed', tests: counts.tests, pass: counts.pass, fail: 0 });
});

test('a broken promise is newly failing on the page, in every look, and the screenshots are kept', async () => {
  await w.faults.set('keycloak', fault, 'on');
  const { pods } = await w.runs.run('broken');
  await w.faults.set('keycloak', fault, 'off');
  expect(pods[0]?.exitCode).toBe(1);
  const red = (await rows()).at(-1);
  expect(red?.status).toBe('failed');
  const [broken] = await ask<{ environment: string; key: string }>(
    w.kube,
    `select r.environment, c.key from charter.run r join charter.run_case c on c.run_id = r.id
     join charter.blemishes_of(r.id) b using (case_id) where r.id = '${red?.id}' and b.verdict = 'failed' order by c.key limit 1`,
  );
  const { environment, key } = broken ?? { environment: '', key: '' };
  expect(key).not.toBe('');
  const pages = {
    ...{ overview: '/', runs: '/runs', flakes: '/flakes', widget: '/widget' },
    run: `/runs/${red?.id}`,
    live: `/runs/${red?.id}/live`,
    'case-of-run': `/runs/${red?.id}/case?${new URLSearchParams({ key })}`,
    case: `/case?${new URLSearchParams({ environment, key })}`,
  };
  const shown = await keepLooks(pages);
  for (const look of allLooks) {
    expect(shown(look, 'overview')).toMatch(/newly failing/i);
    expect(shown(look, 'flakes')).toContain(flaky.owner);
  }
});

test('a run of campaign NET in this cluster, pushed, shows its steps and the pairs of the one that is not enforced', async () => {
  const { events } = await networkRun(await networkScene(), '--case', 'deny.1', '--case', 'deny.5');
  let run = '';
  await withStore(w.kube, async (opened) => {
    ({ run } = await pushEvents(opened, events));
  });
  const shown = await keepLooks({ network: `/runs/${run}/network`, 'network-run': `/runs/${run}` });
  for (const look of allLooks) {
    const page = shown(look, 'network').replaceAll(/\s+/g, ' ');
    expect(page).toContain('2 steps enforced as declared, 1 step not, 0 steps skipped.');
    expect(page).toMatch(/NET deny\.5 .*\d+ pairs: denied as declared, allowed in the cluster/);
  }
});

/** Opens each page in each look and keeps its screenshot. Returns the text that a page showed. */
async function keepLooks(
  pages: Readonly<Record<string, string>>,
): Promise<(look: Look, page: string) => string> {
  const folder = inState('cockpit');
  mkdirSync(folder, { recursive: true });
  const shown = new Map<string, string>();
  const door = await forward(w.kube, `service/${cockpit}`, 80);
  const browser = await openChromium();
  try {
    for (const look of allLooks) {
      const page = await browser.newPage(looks[look]);
      for (const [name, path] of Object.entries(pages)) {
        const answer = await page.goto(`http://127.0.0.1:${door.port}${path}`);
        expect(answer?.status(), path).toBe(200);
        await page.screenshot({ path: join(folder, `cluster-${name}-${look}.png`), fullPage: true });
        shown.set(`${look} ${name}`, (await page.textContent('main')) ?? '');
      }
      await page.close();
    }
  } finally {
    await browser.close();
    door.close();
  }
  return (look, page) => shown.get(`${look} ${page}`) ?? '';
}

test('a database that is away costs no verdict; what was not stored is pushed from the claim, and is there once', async () => {
  const before = (await rows()).length;
  await scalePostgres(w.kube, 0);
  let log = '';
  try {
    const { pods } = await w.runs.run('alone');
    expect(pods[0]?.exitCode).toBe(0);
    log = pods[0]?.log ?? '';
  } finally {
    await scalePostgres(w.kube, 1);
  }
  expect(await rows()).toHaveLength(before);
  const [, journal = ''] = /charter store push (\S+\.jsonl)/.exec(log) ?? [];
  expect(journal, log).not.toBe('');
  const { tests, pass } = summaryOf(log);
  for (const name of ['push', 'push-again']) {
    await w.kube.apply([await pushJob(w.kube, w.runs.cronJob, name, journal)]);
    try {
      const { pods } = await w.runs.ended(name);
      expect([pods.map(({ exitCode }) => exitCode), pods[0]?.log], name).toEqual([
        [0],
        expect.stringContaining(`${journal}: run `),
      ]);
    } finally {
      await w.kube.remove('job', name);
    }
    expect((await rows()).slice(before), name).toMatchObject([{ status: 'passed', tests, pass, fail: 0 }]);
  }
});

test('a store that is required and away ends the run with 5; SUMMARY still tells the verdict', async () => {
  await w.chart.install({ ...stored, store: { ...store, required: true } });
  await scalePostgres(w.kube, 0);
  try {
    const { pods } = await w.runs.run('required');
    expect(pods[0]?.exitCode).toBe(5);
    expect(summaryOf(pods[0]?.log ?? '')).toMatchObject({ fail: 0, err: 0 });
  } finally {
    await scalePostgres(w.kube, 1);
  }
});

test('the lock is a session of the database: the second run waits for the first', async () => {
  await w.chart.install({ ...stored, lock: { mode: 'postgres', waitSeconds: 120 } });
  const jobs = await Promise.all([w.runs.start('first'), w.runs.start('second')]);
  const ended = await Promise.all(jobs.map((name) => w.runs.ended(name)));
  expect(ended.flatMap(({ pods }) => pods.map(({ exitCode }) => exitCode))).toEqual([0, 0]);
  const spans = await ask<{ started_at: Date; ended_at: Date }>(
    w.kube,
    'select started_at, ended_at from charter.run_view order by started_at desc limit 2',
  );
  expect(spans[0]?.started_at.getTime()).toBeGreaterThanOrEqual(spans[1]?.ended_at.getTime() ?? Infinity);
});
