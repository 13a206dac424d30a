// A real Chromium for tests of the pages: the one of the machine, found and never downloaded.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const names = ['chromium', 'google-chrome', 'chromium-browser', 'google-chrome-stable'];

/** CHROMIUM_PATH, else the first of the usual names in PATH. */
export function chromiumPath(env: NodeJS.ProcessEnv = process.env): string | undefined {
  if (env.CHROMIUM_PATH !== undefined) return env.CHROMIUM_PATH;
  const folders = (env.PATH ?? '').split(delimiter);
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Why there is none, for `describe.skipIf`; undefined where there is one. Throws where CI=1 asks for every test. */
export function chromiumMissing(): string | undefined {
  if (chromiumPath() !== undefined) return undefined;
  const words = 'no Chromium: apt-get install chromium, or set CHROMIUM_PATH';
  if (process.env.CI === '1' || process.env.CI === 'true') throw new Error(words);
  return words;
}

/** The sandbox of Chromium needs a user of its own; what it shows here are our own pages on loopback. */
export function openChromium(): Promise<Browser> {
  const executablePath = chromiumPath();
  if (executablePath === undefined) throw new Error(chromiumMissing());
  const isRoot = process.getuid?.() === 0;
  return chromium.launch({ executablePath, args: isRoot ? ['--no-sandbox'] : [], timeout: 60_000 });
}

/** What each page is looked at in. */
export const looks = {
  light: { colorScheme: 'light', viewport: { width: 1280, height: 900 } },
  dark: { colorScheme: 'dark', viewport: { width: 1280, height: 900 } },
  phone: { colorScheme: 'light', viewport: { width: 360, height: 800 } },
  'phone-dark': { colorScheme: 'dark', viewport: { width: 360, height: 800 } },
} as const;
export type Look = keyof typeof looks;
