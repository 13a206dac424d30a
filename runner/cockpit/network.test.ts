// The network page over what a real cluster did: a run of campaign NET in kind, cut down to one step of each kind, its retry of the step
// that could not be judged left out.
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fold, readJournal } from '../journal/index.ts';
import { type TestCockpit, testCockpit } from './testing.ts';

const { events } = readJournal(join(import.meta.dirname, 'testdata', 'network-run.jsonl'));
const { run } = fold(events);
let cockpit: TestCockpit;
beforeAll(async () => {
  cockpit = await testCockpit([events]);
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
