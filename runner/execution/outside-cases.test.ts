// What a file does outside its cases, or long after them, is told of the one who did it, and hides nothing that others found.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { type Ended, readLeftBehind, runCharter } from '../../fixtures/testing/index.ts';
import { decidingAttempt, verdictOf } from '../journal/index.ts';

const campaigns = resolve(import.meta.dirname, '../../fixtures/campaigns');

/** Of each case its verdict, and for an error its kind and message. */
async function told(
  folder: string,
  flags: readonly string[] = [],
): Promise<Ended & { readonly out: string; readonly verdicts: object }> {
  const out = mkdtempSync(join(tmpdir(), 'charter-outside-'));
  const config = join(out, 'charter.yaml');
  const sample = readFileSync(join(campaigns, 'charter.yaml'), 'utf8');
  writeFileSync(config, sample.replace(/budgets: .*/, 'budgets: { caseMs: 1500, graceMs: 300 }'));
  const where = ['--config', config, '--suites', join(campaigns, folder), '--out', out];
  const ended = await runCharter(['run', ...where, ...flags], {
    env: { CHARTER_EMBEDDED: 'true', CHARTER_TEST_MARKS: out },
  });
  const verdicts = [...readLeftBehind(out).state.cases].map(([key, item]) => {
    const failure = decidingAttempt(item)?.outcome?.failure;
    return [key, failure === undefined ? verdictOf(item) : `${failure.kind}: ${failure.message}`];
  });
  return { ...ended, out, verdicts: Object.fromEntries(verdicts) };
}

test('a rejection is told of whoever left it unhandled, also after its end, and of nobody else', async () => {
  const { code, verdicts } = await told('late-rejections');
  const rejected = (message: string) => `unhandled-rejection: unhandled rejection: ${message}`;
  expect([code, verdicts]).toEqual([
    4,
    {
      'SIDE/timer': rejected('by a timer'),
      'SIDE/throws': rejected('in a timer'),
      'SIDE/skip': rejected('nobody awaits this'),
      'SIDE/innocent': 'passed',
      'ROW/late': rejected('nobody awaits this'),
      'ROW/innocent': 'passed',
      'late/plain late': rejected('nobody awaits this'),
      'late/plain innocent': 'passed',
      'hook/innocent of its hook': 'passed',
      'file/hook.campaign.ts': rejected('by a hook'),
    },
  ]);
});

test('hooks that fail, kill or hang are told of their file, whoever dies beside them', async () => {
  const { code, verdicts } = await told('deadly-hooks');
  const died = 'the worker died (SIGKILL)';
  expect([code, verdicts]).toEqual([
    4,
    {
      'a-fails/around > one': 'hook: it was failed after it had ended: around broke',
      'a-fails/after > two': 'passed',
      'a-fails/kills': `crash: ${died}`,
      'file/a-fails.campaign.ts': 'hook: a hook after its cases failed: after broke',
      'b-ends/passes': 'passed',
      'file/b-ends.campaign.ts': `crash: outside its cases: ${died}`,
      'c-begins/first > passes': 'passed',
      'c-begins/never > starts': `crash: its file brought the worker down twice outside its cases: ${died}`,
      'file/c-begins.campaign.ts': `crash: outside its cases: ${died}`,
      'd-hangs/passes': 'passed',
      'file/d-hangs.campaign.ts': expect.stringMatching(
        /^hang: outside its cases: hangs: a hook of \S+d-hangs\.campaign\.ts did not end within 1800 ms/,
      ),
      'e-slow/passes': 'passed',
    },
  ]);
}, 60_000);

test('a file whose hooks kill again and again keeps no other from being tried again', async () => {
  const { verdicts } = await told('deadly-retry', ['--retry', '1']);
  expect(verdicts).toMatchObject({
    'a-begins/never > starts': expect.stringContaining('brought the worker down twice'),
    'b-flaky/passes the second time': 'passed',
  });
});

const gone = 'crash: the case is no longer declared when its file is imported again';
const unimportable = 'import: its file could not be imported again';
const unequal = 'assertion: expected 1 to be 2 // Object.is equality';

test('a case that is not there when its file is imported again is not judged by a namesake', async () => {
  const { code, verdicts } = await told('same-names');
  expect([code, verdicts]).toEqual([
    1,
    {
      'both/kills': 'crash: the worker died (SIGKILL)',
      'both/has a namesake': unimportable,
      'both/has a namesake#2': unequal,
      'file/both/a-once.campaign.ts': 'crash: while the file was imported: the worker died (SIGKILL)',
      'throws/has a namesake': unimportable,
      'throws/has a namesake#2': unequal,
      'file/throws/a-once.campaign.ts': 'import: the file could not be imported: not again',
      'grows/has a namesake': 'passed',
      'grows/has a namesake#2': gone,
    },
  ]);
});

test('nor where the namesake is not asked for', async () => {
  const asked = ['both/kills', 'both/has a namesake#2', 'throws/has a namesake#2'];
  const { verdicts } = await told(
    'same-names',
    asked.flatMap((key) => ['--case', key]),
  );
  expect(verdicts).toMatchObject({
    'both/has a namesake#2': unequal,
    'throws/has a namesake#2': unequal,
  });
});

test('a case that says much is told with its own time and before what comes after it', async () => {
  const { verdicts, out } = await told('chatty');
  expect(verdicts).toEqual({
    'a-ends/healthy': 'passed',
    'file/a-ends.campaign.ts': 'crash: outside its cases: the worker died (SIGKILL)',
    'b-brief/says much': 'passed',
    'b-brief/brief': 'passed',
  });
  const [brief] = readLeftBehind(out).state.cases.get('b-brief/brief')?.attempts ?? [];
  expect(brief?.durationMs).toBeLessThan(50);
});

test('what a file leaves behind, by its import, its hooks or its cases, is told and taken back', async () => {
  const { code, verdicts } = await told('leaks');
  const leaves = 'state-leak: the file leaves state behind that other files would see: ';
  expect([code, verdicts]).toEqual([
    4,
    {
      'a-import/passes': 'passed',
      'file/a-import.campaign.ts': `${leaves}environment variable CHARTER_LEAK changed, the working directory changed`,
      'b-replaces/replaces fetch, the clock and a method of lists': 'passed',
      'file/b-replaces.campaign.ts': `${leaves}global fetch changed, Date.now changed, Array.prototype.includes changed`,
      'c-hook/passes': 'passed',
      'file/c-hook.campaign.ts': `${leaves}environment variable CHARTER_LEAK changed`,
      'd-clock/fakes the clock': 'passed',
      'file/d-clock.campaign.ts': expect.stringContaining('global Date changed'),
      'd-gone/removes the ground under its feet': 'passed',
      'file/d-gone.campaign.ts': `${leaves}the working directory changed`,
      'e-tidy/finds everything in its place': 'passed',
      'e-tidy/asks for all globals': 'passed',
    },
  ]);
});

test('a red case is told once', async () => {
  const { stdout, out } = await told('red');
  const { files } = readLeftBehind(out);
  const journal = readFileSync(join(out, files.find((file) => file.endsWith('.jsonl')) ?? ''), 'utf8');
  expect(journal.match(/"case-ended"/g)?.length).toBe(3);
  expect(stdout.match(/^(FAIL|ERROR) .* ms$/gm)?.length).toBe(2);
});
