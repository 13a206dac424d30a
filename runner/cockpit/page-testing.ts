// What is asked of every page in a browser, whatever it shows: nothing that axe finds, a silent console, no wider than its screen.
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import { type Look, looks } from './chromium-testing.ts';

const folder = resolve(import.meta.dirname, '..', '..', '.kind', 'cockpit');
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export interface Opened {
  readonly page: Page;
  /** Messages of the console are failures too: that is where a browser says what the policy has stopped. */
  readonly said: readonly string[];
}

export async function openPage(browser: Browser, look: Look, url: string): Promise<Opened> {
  const context = await browser.newContext({ ...looks[look], bypassCSP: false, timezoneId: 'Europe/Paris' });
  const page = await context.newPage();
  const said: string[] = [];
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', (error) => said.push(error.message));
  const answer = await page.goto(url, { waitUntil: 'load' });
  // A page that is itself a problem is told once more by the browser; what it loads may be none.
  const own = `status of ${answer?.ok() === false ? answer.status() : 'none'} `;
  return { page, said: said.filter((text) => !text.includes(own)) };
}

/** A screenshot is kept under this name, to be looked at. `expectShown`: that it is the page that was meant, and no emptier one. */
export async function expectGoodPage(
  browser: Browser,
  look: Look,
  url: string,
  name: string,
  expectShown: (page: Page) => Promise<void> = async () => {},
): Promise<void> {
  const { page, said } = await openPage(browser, look, url);
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}-${look}.png`), fullPage: true });
  await expectShown(page);
  expect(said).toEqual([]);
  expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
  // Evaluated as the browser's own tools do it, past the policy of the page.
  await page.evaluate(axe);
  const found = (await page.evaluate('axe.run()')) as {
    violations: { id: string; nodes: { html: string }[] }[];
  };
  expect(found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  await page.context().close();
}
