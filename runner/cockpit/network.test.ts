// The network page over what a real cluster did: a run of campaign NET in kind, cut down to one step of each kind, its retry of the step
// that could not be judged left out.
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fold, readJournal } from '../journal/index.ts';
import { failed, noPassword, passed, type SampleCase } from '../report/testdata/sample-run.ts';
import { runOf, type TestCockpit, testCockpit } from './testing.ts';

const { events } = readJournal(join(import.meta.dirname, 'testdata', 'network-run.jsonl'));
const { run } = fold(events);
let cockpit: TestCockpit;

const steps = (count: number, attempts: SampleCase['attempts']): SampleCase[] =>
  Array.from({ length: count }, (_, i) => ({
    id: `${JSON.stringify(attempts).length}.${i}`,
    campaign: 'NET',
    attempts,
  }));
const ended = (exitCode: number) => ({ exitCode, reason: 'completed' });

beforeAll(async () => {
  cockpit = await testCockpit([
    events,
    runOf({ run: 'proven', ago: 1, cases: steps(3, [passed]), end: ended(0) }),
    runOf({ run: 'half', ago: 1, cases: [...steps(80, [passed]), ...steps(4, [failed])], end: ended(1) }),
    runOf({ run: 'lost', ago: 1, cases: steps(84, []) }),
    runOf({ run: 'skipped', ago: 1, cases: steps(2, [noPassword]), end: ended(3) }),
    runOf({ run: 'without', ago: 1, cases: [{ id: '1', attempts: [passed] }], end: ended(0) }),
  ]);
}, 180_000);
afterAll(() => cockpit.close());

/** What a reader sees, one space between. */
const seen = (markup: string) =>
  markup
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll('&gt;', '>')
    .replaceAll(/\s+/g, ' ');

test('a step that is not enforced says so once, and marks its pairs', async () => {
  const text = await cockpit.text(`/runs/${run}/network`);
  expect(seen(text)).toContain('2 steps enforced as declared, 2 steps not, 1 step skipped.');
  expect(seen(text)).toMatch(
    /NET ports-egress\.11 .* A 8 pairs: denied as declared, allowed in the cluster not-enforced/,
  );
  const [, first = ''] = text.split('<table');
  expect(seen(first)).toMatch(/from x\/b 81\/TCP x\/c 80\/TCP .* x\/a A A A A A A A A /);
});

test('a step that could not be judged names its pairs too, from its message', async () => {
  const text = seen(await cockpit.text(`/runs/${run}/network`));
  expect(text).toMatch(
    /NET unions\.5 .* A 16 pairs: denied as declared, denied \(timeout\) in the cluster wrong-signal/,
  );
  expect(text).not.toContain('names no pair');
});

test('the grids of a message stay grids on the page of the case, and out of the list of failures', async () => {
  const ofCase = await cockpit.text(`/runs/${run}/case?key=${encodeURIComponent('NET/ports-egress.11')}`);
  expect(ofCase).toMatch(/<pre[^>]*><bdi>8 of 351 cells .*\n80\/TCP\n {4}expected/);
  const ofRun = await cockpit.text(`/runs/${run}`);
  expect(seen(ofRun)).toContain('not-enforced (8) 8 of 351 cells not as expected');
  expect(ofRun).not.toContain('[.]');
});

const kept = 'Every pair of Pods that was asked could talk, or could not, as its policies say.';

test('says that all is well where every step passed', async () => {
  expect(seen(await cockpit.text('/runs/proven/network'))).toContain(kept);
});

test.each([
  ['half/network?page=2', '80 steps enforced as declared, 4 steps not, 0 steps skipped.'],
  ['lost/network', '0 steps enforced as declared, 0 steps not, 0 steps skipped, 84 steps not run.'],
  ['skipped/network', '0 steps enforced as declared, 0 steps not, 2 steps skipped.'],
  ['without/network', 'No step of campaign NET was planned.'],
])('/runs/%s claims nothing that was not proven', async (path, words) => {
  const text = seen(await cockpit.text(`/runs/${path}`));
  expect(text).toContain(words);
  expect(text).not.toContain(kept);
});

test.each([
  ['half/network?page=2', /(NET \S+ promise \S+ failed .*){4}/],
  ['half?failures=9', /Not as promised 4 cases (NET \S+ promise \S+ failed .*){4}Campaigns/],
  ['half?page=900', /( passed NET \S+ promise \S+ [\d.]+ s){12} Before Page 7 of 7 /],
])('/runs/%s is the last page that there is, with what stands on it', async (path, words) => {
  const text = seen(await cockpit.text(`/runs/${path}`));
  expect(text).toMatch(words);
  expect(text).not.toMatch(/Page \d+ of 1 /);
});
