// Pages that promise to load again do so in a real Chromium with JavaScript, and a live page goes on where its stream does not. The page's
// clock is the test's; only what the browser does by itself, such as connecting again, takes its time.
import type { Browser, Page, Route } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { failed, passed, type SampleCase } from '../report/testdata/sample-run.ts';
import { cockpitReads, type Store } from '../store/index.ts';
import { memoryStore } from '../store/testing.ts';
import { pushEvents } from '../store/write/push.ts';
import { chromiumMissing, openChromium } from './chromium-testing.ts';
import { type Serving, serveCockpit } from './serve.ts';
import { runOf, type TestCockpit, testCockpit } from './testing.ts';

const missing = chromiumMissing();
const mostReaders = 100;

describe.skipIf(missing !== undefined)(`in Chromium${missing === undefined ? '' : ` (${missing})`}`, () => {
  let data: TestCockpit;
  /** A store whose database does not answer. */
  let away: Store;
  let serving: Serving;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    data = await testCockpit([]);
    away = await memoryStore();
    await away.close();
    serving = await serve(data.store);
    browser = await openChromium();
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await serving?.close();
    await data?.close();
  });

  beforeEach(async () => {
    await page?.context().close();
    page = await browser.newPage({ timezoneId: 'Europe/Paris' });
    await page.clock.install();
  });

  const serve = (store: Store, port = 0) =>
    serveCockpit({ reads: cockpitReads(store), now: Date.now, host: '127.0.0.1', port });
  /** The same address, over another store. */
  async function serveInstead(store: Store): Promise<void> {
    await serving.close();
    serving = await serve(store, Number(new URL(serving.url).port));
  }

  const open = (path: string) => page.goto(serving.url + path, { waitUntil: 'load' });
  const sees = (words: string | RegExp) => page.getByText(words).first().waitFor({ timeout: 20_000 });
  const later = (seconds: number) => page.clock.fastForward(seconds * 1_000);

  /** The newest run of an environment, so many days after today's. */
  const ended = (environment: string, day: number, outcome: typeof passed) => {
    const end = { exitCode: outcome === passed ? 0 : 1, reason: 'completed' };
    const cases = [{ id: '1', attempts: [outcome] }];
    const run = runOf({ run: `${environment}-${day}`, ago: -day, environment, cases, end });
    return pushEvents(data.store, run);
  };

  /** Run `going` in an environment of its own: of five cases so many have ended, the last of them so. */
  async function going(done: number, last = passed): Promise<void> {
    const cases = Array.from({ length: 5 }, (_, i): SampleCase => {
      return { id: `${i}`, attempts: i < done ? [i === done - 1 ? last : passed] : [] };
    });
    const events = runOf({ run: 'going', ago: 0, environment: 'live', cases });
    await pushEvents(data.store, events, { n: done, staleMs: 3_600_000 });
  }

  test('what is shown while the database is away makes room for it when it is back', async () => {
    await serveInstead(away);
    await open('/');
    await sees('The database does not answer');
    await serveInstead(data.store);
    await later(10);
    await sees('No run is stored yet');
  });

  test('the first page of an empty store shows the first run', async () => {
    await open('/');
    await sees('No run is stored yet');
    await ended('first', 0, passed);
    await later(30);
    await sees('All 1 case passed');
  });

  test('an overview that stays open all night shows the run of the morning', async () => {
    await ended('nightly', 0, passed);
    await open('/environments/nightly');
    await sees('All 1 case passed');
    await ended('nightly', 1, failed);
    await later(120);
    await sees('1 failed of 1 case');
  });

  test('what is shown stays while nobody answers', async () => {
    await ended('kept', 0, passed);
    await open('/environments/kept');
    await serving.close();
    const asked = page.waitForEvent('requestfailed');
    await later(120);
    await asked;
    await sees('All 1 case passed');
    await ended('kept', 1, failed);
    serving = await serve(data.store, Number(new URL(serving.url).port));
    await expect
      .poll(() => later(120).then(() => page.locator('h1').textContent()), { timeout: 20_000 })
      .toBe('1 failed of 1 case');
  });

  test('a widget in a frame stays while an ingress answers for the cockpit, then shows the run of the morning', async () => {
    await ended('framed', 0, passed);
    await page.route('**/portal', (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: '<!doctype html><title>portal</title><iframe src="/widget?environment=framed"></iframe>',
      }),
    );
    await open('/portal');
    const frame = page.frameLocator('iframe');
    const sentence = frame.locator('.sentence');
    await expect.poll(() => sentence.textContent(), { timeout: 20_000 }).toBe('All 1 case passed');
    await expect
      .poll(() => frame.locator('time .local').textContent(), { timeout: 20_000 })
      .toBe(' (02:00 here)');
    const badGateway = (route: Route) => route.fulfill({ status: 502, body: 'Bad Gateway' });
    await page.route(`${serving.url}/**`, badGateway);
    const asked = page.waitForResponse((answer) => answer.status() === 502);
    await later(120);
    await asked;
    expect(await sentence.textContent()).toBe('All 1 case passed');
    await ended('framed', 1, failed);
    await page.unroute(`${serving.url}/**`, badGateway);
    await expect
      .poll(() => later(120).then(() => sentence.textContent()), { timeout: 20_000 })
      .toBe('1 failed of 1 case');
  });

  test('a live page whose stream is blocked loads again', async () => {
    await going(1);
    await page.route('**/events', (route) => route.abort());
    await open('/runs/going/live');
    await sees('Running: 1 of 5 cases');
    await going(2);
    await later(10);
    await sees('Running: 2 of 5 cases');
  });

  test('one reader too many says so and loads again', async () => {
    const gone = new AbortController();
    const address = `${serving.url}/runs/going/events`;
    const readers = Array.from({ length: mostReaders }, () => fetch(address, { signal: gone.signal }));
    try {
      expect(new Set((await Promise.all(readers)).map(({ status }) => status))).toEqual(new Set([200]));
      await open('/runs/going/live');
      await sees('too many readers');
      await going(3);
      await later(10);
      await sees('Running: 3 of 5 cases');
    } finally {
      gone.abort();
    }
  });

  test('a live page that is followed is loaded again only when something new has failed, and lists it', async () => {
    await open('/runs/going/live');
    await page.evaluate('window.isSame = true');
    const took = page.locator('[data-text="took"]');
    const isToldMore = async () => {
      const before = await took.textContent();
      await expect.poll(() => took.textContent(), { timeout: 20_000 }).not.toBe(before);
    };
    for (let round = 0; round < 3; round += 1) {
      await isToldMore();
      await later(6);
    }
    expect(await page.evaluate('window.isSame')).toBe(true);
    await isToldMore();
    await going(4, failed);
    await expect
      .poll(() => page.locator('[data-text="failed"]').textContent(), { timeout: 20_000 })
      .toBe('1');
    expect(await page.getByText('Not as promised so far').count()).toBe(0);
    await later(6);
    await isToldMore();
    await later(6);
    await sees('Not as promised so far');
    await page.evaluate('window.isSame = true');
    for (let round = 0; round < 2; round += 1) {
      await isToldMore();
      await later(6);
    }
    expect(await page.evaluate('window.isSame')).toBe(true);
  });

  test('a stream that is refused when it connects again comes back with the database', async () => {
    await open('/runs/going/live');
    await sees(/^connected$/);
    const refused = page.waitForResponse(
      (answer) => answer.url().endsWith('/events') && answer.status() === 503,
    );
    await serveInstead(away);
    await refused;
    await sees('connection lost, trying again');
    await later(10);
    await sees('The database does not answer');
    await serveInstead(data.store);
    await later(10);
    await sees(/^connected$/);
  });
});
