// Without its Secret a run knows less: it skips, naming what is missing, and accuses nobody.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Platform, startPlatform } from '../../fixtures/platform/index.ts';
import { tryOn } from '../../fixtures/testing/try-campaign.ts';

let platform: Platform;
beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(async () => platform.stop());

const withoutSecret = (text: string) =>
  text
    .replace(/^( +directory: ).*$/m, '$1/nowhere/personas')
    .replace('optional: false', 'optional: true')
    .replace('production: true', 'production: false')
    .replace('allowWrites: true', 'allowWrites: false');

test('on a healthy platform nothing is red without passwords and client secrets, and the skips say why', async () => {
  const { red, exitCode, state } = await tryOn(platform, {}, withoutSecret);
  expect(red).toEqual([]);
  expect(exitCode).toBe(0);
  const reasons = [...state.cases.values()].flatMap(({ attempts }) => attempts.at(-1)?.outcome?.reason ?? []);
  expect(reasons.some((reason) => reason.includes('AKKO_TEST_PASSWORD_ALICE is not set'))).toBe(true);
});
