// The pages in a real Chromium over thirty nights of real runs: nothing that axe finds, nothing that the policy of content stops, no page
// that is wider than its screen. Screenshots are kept in .kind/cockpit, to be looked at; overview-light.png is the
// picture of the docs (docs/images/cockpit.png). Takes two minutes: it runs under `make soak`.
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fold, readJournal } from '../journal/index.ts';
import { ctrfText, junit } from '../report/index.ts';
import { cockpitReads } from '../store/index.ts';
import { pushEvents } from '../store/write/push.ts';
import { chromiumMissing, type Look, looks, openChromium } from './chromium-testing.ts';
import { expectGoodPage, openPage } from './page-testing.ts';
import { type Serving, serveCockpit } from './serve.ts';
import { type TestCockpit, testCockpit } from './testing.ts';
import { realNights } from './thirty-nights-testing.ts';

const missing = chromiumMissing();
const network = readJournal(join(import.meta.dirname, 'testdata', 'network-run.jsonl')).events;
const last = Date.UTC(2026, 10, 21, 4, 0, 12);

describe.skipIf(missing !== undefined)(`in Chromium${missing === undefined ? '' : ` (${missing})`}`, () => {
  let data: TestCockpit;
  let serving: Serving;
  let browser: Browser;
  let nights: Awaited<ReturnType<typeof realNights>>['runs'];

  beforeAll(async () => {
    const campaigns = ['C-10', 'C-15'];
    nights = (await realNights({ nights: 30, campaigns, environment: 'production', last, atOnce: 2 })).runs;
    data = await testCockpit([...nights, network]);
    const going = (nights[0] ?? [])
      .slice(0, 30)
      .map((event) =>
        event.event === 'run-started'
          ? { ...event, run: 'going', environment: 'staging', at: new Date(Date.now() - 9_000).toISOString() }
          : event,
      );
    await pushEvents(data.store, going, { n: 1, staleMs: 3_600_000 });
    const now = () => last + 8 * 3_600_000;
    serving = await serveCockpit({ reads: cockpitReads(data.store), now, host: '127.0.0.1', port: 0 });
    browser = await openChromium();
  }, 480_000);

  afterAll(async () => {
    await browser?.close();
    await serving?.close();
    await data?.close();
  });

  const newest = () => fold(nights.at(-1) ?? []);
  const paths: Readonly<Record<string, () => string>> = {
    overview: () => '/environments/production',
    runs: () => '/runs',
    run: () => `/runs/${newest().run}`,
    'case-of-run': () => `/runs/${newest().run}/case?key=${encodeURIComponent('C-15/15.7')}`,
    case: () => `/case?environment=production&key=${encodeURIComponent('C-15/15.7')}`,
    network: () => `/runs/${fold(network).run}/network`,
    'network-case': () => `/runs/${fold(network).run}/case?key=${encodeURIComponent('NET/ports-egress.11')}`,
    flakes: () => '/flakes',
    live: () => '/runs/going/live',
    widget: () => '/widget?environment=production',
    missing: () => '/runs/none',
  };

  const shown: Readonly<Record<string, (page: Page) => Promise<void>>> = {
    overview: async (page) => {
      expect(await page.locator('h1').innerText()).toMatch(/^\d+ failed of \d+ cases$/);
      const changes = await page.locator('section[aria-labelledby=changes]').innerText();
      expect(changes).toMatch(/^What changed since the run of 20 Nov 2026 04:00 UTC/);
      expect(changes).toMatch(/Newly failing: 1\s+C-15 15\.7 /);
      expect(changes).toMatch(/Fixed: 2\s+C-15 15\.5 /);
    },
  };

  const opened = (look: Look, path: string) => openPage(browser, look, serving.url + path);

  describe.each(Object.entries(paths))('%s', (name, path) => {
    test.each(Object.keys(looks) as Look[])('%s', (look) =>
      expectGoodPage(browser, look, serving.url + path(), name, shown[name]),
    );
  });

  test('a keyboard reaches the content first, then the newest run in the strip', async () => {
    const { page } = await opened('light', '/environments/production');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
    await page.locator('.plot a').last().focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/runs/${newest().run}`);
    await page.context().close();
  });

  test('times are told in the reader’s own too, short in tables, and the footer says so', async () => {
    const { page } = await opened('phone', '/runs?environment=production');
    expect(await page.locator('td time .local').first().textContent()).toBe(' (05:00)');
    expect(await page.locator('footer').innerText()).toMatch(/yours below the pointer and in brackets/);
    await page.goto(`${serving.url}/runs/${newest().run}`);
    expect(await page.locator('.verdict time .local').textContent()).toBe(' (05:00 here)');
    await page.context().close();
  });

  test('a run that goes on is followed, and its end leads to the result', async () => {
    const { page } = await opened('light', '/runs/going/live');
    await page.getByText('connected', { exact: true }).waitFor();
    const rest = (nights[0] ?? []).map((event) =>
      event.event === 'run-started' ? { ...event, run: 'going', environment: 'staging' } : event,
    );
    await pushEvents(data.store, rest);
    await page.waitForURL('**/runs/going', { timeout: 60_000 });
    expect(await page.locator('h1').textContent()).toMatch(/passed/);
    await page.context().close();
  });

  test('reports of real runs come out of the store as they went in', async () => {
    for (const events of nights) {
      const state = fold(events);
      expect(await data.text(`/runs/${state.run}/junit.xml`)).toBe(junit(state));
      expect(await data.text(`/runs/${state.run}/ctrf.json`)).toBe(ctrfText(state));
    }
  });

  test('every page of real runs is under 30 KB', async () => {
    for (const [name, path] of Object.entries(paths)) {
      if (name === 'missing') continue;
      expect(Buffer.byteLength(await data.text(path())), name).toBeLessThan(30_000);
    }
  });
});
