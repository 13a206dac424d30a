// The pages that are no ordinary morning, in a real Chromium: no run yet, cases in quarantine, a quarantine file that cannot be read, and a
// database that is away.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failed, passed } from '../report/testdata/sample-run.ts';
import { cockpitReads, type Quarantine, type Quarantined } from '../store/index.ts';
import { chromiumMissing, type Look, looks, openChromium } from './chromium-testing.ts';
import { expectGoodPage } from './page-testing.ts';
import { type Serving, serveCockpit } from './serve.ts';
import { runOf, type TestCockpit, testCockpit, today } from './testing.ts';

const missing = chromiumMissing();
const all = Object.keys(looks) as Look[];
const entry = (key: string, expires: string): Quarantined => ({
  ...{ case: key, owner: 'data-platform', reason: 'Trino restarts at night', expires },
});
const [active, expired] = [entry('C-10/10.1', '2026-12-31'), entry('C-10/10.2', '2026-01-31')];
const marked: Quarantine = { active: new Map([[active.case, active]]), expired: [expired] };
const unreadable = (): Quarantine => {
  throw new Error('no YAML');
};
const run = runOf({
  ...{ run: 'one', ago: 0, end: { exitCode: 1, reason: 'completed' } },
  cases: [
    { id: '10.1', title: 'flaky', attempts: [failed, passed] },
    { id: '10.2', title: 'red', attempts: [failed] },
  ],
});

describe.skipIf(missing !== undefined)(`in Chromium${missing === undefined ? '' : ` (${missing})`}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openChromium();
  }, 60_000);
  afterAll(() => browser?.close());

  interface Morning {
    readonly name: string;
    readonly runs: Parameters<typeof testCockpit>[0];
    readonly quarantine?: () => Quarantine;
    readonly store?: 'away';
    /** With words that only this state has, so that no other page is looked at instead. */
    readonly pages: Readonly<Record<string, string>>;
  }
  const redCase = 'key=C-10%2F10.2';
  const mornings: readonly Morning[] = [
    {
      ...{ name: 'first-start', runs: [] },
      pages: {
        '/': 'charter store push',
        '/runs': 'No run here',
        '/flakes': 'None. Every case',
        '/widget': 'no such page',
      },
    },
    {
      ...{ name: 'quarantine', runs: [run], quarantine: () => marked },
      pages: {
        '/flakes': 'Trino restarts at night',
        '/runs/one': 'quarantine expired',
        [`/runs/one/case?${redCase}`]: 'quarantine expired',
        [`/case?environment=production&${redCase}`]: 'quarantine expired',
      },
    },
    {
      ...{ name: 'quarantine-unreadable', runs: [run], quarantine: unreadable },
      pages: { '/flakes': 'The quarantine file cannot be read' },
    },
    {
      ...{ name: 'away', runs: [], store: 'away' },
      pages: { '/': 'The database does not answer', '/widget': 'The database does not answer' },
    },
  ];

  describe.each(mornings)('$name', ({ name, runs, quarantine, store, pages }) => {
    let data: TestCockpit;
    let serving: Serving;
    beforeAll(async () => {
      data = await testCockpit(runs);
      const reads = cockpitReads(data.store);
      serving = await serveCockpit({
        ...{ reads, now: () => today, host: '127.0.0.1', port: 0 },
        ...(quarantine === undefined ? {} : { quarantine }),
      });
      if (store === 'away') await data.store.close();
    }, 120_000);
    afterAll(async () => {
      await serving?.close();
      await data?.close();
    });

    test.each(
      Object.entries(pages).flatMap(([path, words], i) => all.map((look) => [path, look, words, i] as const)),
    )('%s, %s', async (path, look, words, i) => {
      expect(await (await fetch(serving.url + path)).text()).toContain(words);
      await expectGoodPage(browser, look, serving.url + path, `${name}-${i}`);
    });
  });
});
