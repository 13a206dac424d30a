// No password and no token reaches any output of a run, whatever a campaign does with them.
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { runCharter } from '../../fixtures/testing/index.ts';

const campaigns = resolve(import.meta.dirname, '../../fixtures/campaigns');
const secret = 'S3cr&t "quoted" <päss>/+word';

const forms: Record<string, string> = {
  raw: secret,
  json: JSON.stringify(secret).slice(1, -1),
  url: encodeURIComponent(secret),
  xml: secret
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;'),
  base64: Buffer.from(secret).toString('base64').slice(0, -4),
  'base64 inside Basic': Buffer.from(`alice:${secret}`).toString('base64').slice(8, -4),
  hex: Buffer.from(secret).toString('hex'),
  token: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9',
};

/** Every eight characters of it: less than a half is no help to who finds it. */
const piecesOf = (text: string): string[] =>
  Array.from({ length: text.length - 7 }, (_, at) => text.slice(at, at + 8));

test('a careless campaign tells nothing', async () => {
  const out = mkdtempSync(join(tmpdir(), 'charter-secrets-'));
  const where = [
    '--config',
    join(campaigns, 'charter.yaml'),
    '--suites',
    join(campaigns, 'tells-secrets'),
    '--out',
    out,
  ];
  const env = { CHARTER_EMBEDDED: 'true', AKKO_TEST_PASSWORD_ALICE: secret };
  const ended = await runCharter(['run', ...where], { env });
  const outputs = Object.fromEntries(
    readdirSync(out).map((file) => [file, readFileSync(join(out, file), 'utf8')]),
  );
  Object.assign(outputs, { stdout: ended.stdout, stderr: ended.stderr });

  expect(Object.keys(outputs)).toHaveLength(5);
  expect(ended.stdout).toContain('SUMMARY tests=12 pass=7 fail=3 err=1 skip=1');
  expect(ended.stdout, 'what a campaign prints is shown').toContain('whole ***');
  for (const [where, text] of Object.entries(outputs)) {
    for (const [form, hidden] of Object.entries(forms)) {
      const left = piecesOf(hidden).filter((piece) => text.includes(piece));
      expect(left, `${form} in ${where}`).toEqual([]);
    }
  }
});
