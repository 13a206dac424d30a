// The fragment on a page of another origin, in a real Chromium: as docs/cockpit.md says to put it there, it looks as it does here, and
// the page around it stays as it was.
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failed } from '../report/testdata/sample-run.ts';
import { cockpitReads } from '../store/index.ts';
import { chromiumMissing, openChromium } from './chromium-testing.ts';
import { type Serving, serveCockpit } from './serve.ts';
import { runOf, type TestCockpit, testCockpit } from './testing.ts';

const missing = chromiumMissing();
const docs = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'cockpit.md'), 'utf8');
const snippet = /```html\n([\s\S]*?)```/.exec(docs)?.[1] ?? '';

describe.skipIf(missing !== undefined)(`in Chromium${missing === undefined ? '' : ` (${missing})`}`, () => {
  let data: TestCockpit;
  let serving: Serving;
  let behind: Serving;
  let proxy: Server;
  let host: Server;
  let browser: Browser;
  const urlOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const hostUrl = () => urlOf(host);

  beforeAll(async () => {
    const end = { exitCode: 1, reason: 'completed' };
    data = await testCockpit([runOf({ run: 'red', ago: 0, cases: [{ id: '1', attempts: [failed] }], end })]);
    host = await listening(({ url }, answer) => {
      const cockpit = url === '/signed' ? urlOf(proxy) : serving.url;
      answer.end(
        `<!doctype html><title>host</title>${snippet.replace('https://charter.example.com', cockpit)}`,
      );
    });
    proxy = await listening(({ url, headers }, answer) => {
      const user = headers.cookie?.includes('session=') ? { 'X-Auth-Request-User': 'mia' } : {};
      request(`${behind.url}${url}`, { headers: { ...headers, ...user } }, (seen) => {
        answer.writeHead(seen.statusCode ?? 502, seen.headers);
        seen.pipe(answer);
      }).end();
    });
    const reads = cockpitReads(data.store);
    const options = { reads, now: Date.now, host: '127.0.0.1', port: 0, embedders: [hostUrl()] };
    serving = await serveCockpit(options);
    behind = await serveCockpit({
      ...options,
      proxy: { addresses: ['127.0.0.1'], header: 'X-Auth-Request-User' },
    });
    browser = await openChromium();
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await serving?.close();
    await behind?.close();
    host?.close();
    proxy?.close();
    await data?.close();
  });

  test('the fragment of docs/cockpit.md has its look, and the page around it keeps its own', async () => {
    const page = await browser.newPage({ colorScheme: 'light' });
    const said: string[] = [];
    page.on('console', (message) => said.push(message.text()));
    page.on('requestfailed', (request) => said.push(`${request.url()}: ${request.failure()?.errorText}`));
    await page.goto(hostUrl());
    await page.locator('#charter .card.verdict').waitFor();
    await page.waitForLoadState('networkidle');
    const look = await page.evaluate(`(() => {
      const card = document.querySelector('#charter').shadowRoot.querySelector('.card.verdict');
      const { borderLeftWidth, borderLeftColor } = getComputedStyle(card);
      return { borderLeftWidth, borderLeftColor };
    })()`);
    expect(look).toEqual({ borderLeftWidth: '8px', borderLeftColor: 'rgb(179, 17, 31)' });
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgba(0, 0, 0, 0)');
    expect(said.filter((text) => !/favicon|status of 404/.test(text))).toEqual([]);
  });

  test('behind a sign-in proxy it comes for who is signed in, and says nothing of a run to others', async () => {
    const shown = async (signedIn: readonly string[]) => {
      const context = await browser.newContext();
      const url = urlOf(proxy);
      await context.addCookies(signedIn.map((value) => ({ name: 'session', value, url, sameSite: 'Lax' })));
      const page = await context.newPage();
      await page.goto(`${hostUrl()}/signed`);
      await page.waitForFunction("document.querySelector('#charter').shadowRoot !== null");
      const text = await page.evaluate("document.querySelector('#charter').shadowRoot?.textContent ?? ''");
      await context.close();
      return text;
    };
    expect(await shown(['mia'])).toContain('1 failed of 1 case');
    expect(await shown([])).not.toContain('1 case');
  });
});

async function listening(answer: RequestListener): Promise<Server> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return server;
}
