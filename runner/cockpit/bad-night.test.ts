// The page of a run after an ordinary bad night: every campaign has red cases, for several personas, and not for the first time.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { failed, passed } from '../report/testdata/sample-run.ts';
import { casesPerPage } from './pages/case-table.ts';
import { failuresPerPage } from './pages/run.ts';
import { runOf, type TestCockpit, testCockpit } from './testing.ts';

const campaigns = Array.from({ length: 20 }, (_, i) => `C-${i + 1}`);
const personas = ['alice', 'bob', 'carol', 'dave'];
const message = 'a row of \'salary\' & "bonus" is in clear where <masked> was promised; '
  .repeat(6)
  .slice(0, 360);
const properties = Object.fromEntries(
  Array.from({ length: 10 }, (_, i) => [
    `version-of-target-${i}`,
    `registry.example/platform/${i}@sha256:${'0123'.repeat(16)}`,
  ]),
);
const rows = JSON.stringify([
  { name: 'alice', salary: '****', bonus: '****' },
  { name: 'bob', salary: 4_200, bonus: 700 },
]).repeat(3);
const title =
  'a masked column stays masked through a view, a join, a subquery and a table that is made of them, also where its name is quoted';
const end = { exitCode: 1, reason: 'completed' };
const red = {
  ...failed,
  failure: { ...failed.failure, kind: 'assertion', message, expected: rows, got: rows },
};
/** The last campaign has the most that is red. */
const cases = campaigns.flatMap((campaign, index) =>
  personas.flatMap((persona) =>
    Array.from({ length: 6 }, (_, i) => ({
      ...{ id: `${index + 1}.${i}`, campaign, persona, title },
      attempts: i < 2 || (index === 19 && i < 5) ? [red, red] : [passed],
    })),
  ),
);

let cockpit: TestCockpit;
beforeAll(async () => {
  const nights = Array.from({ length: 6 }, (_, i) =>
    runOf({ run: `night-${i}`, ago: 5 - i, cases, end, properties }),
  );
  cockpit = await testCockpit(nights);
}, 180_000);
afterAll(() => cockpit.close());

test.each([
  '/runs/night-5',
  '/runs/night-5?verdict=failed&failures=2&page=2',
  '/runs/night-5?campaign=C-20&persona=bob',
])('%s stays far below 30 KB', async (path) => {
  const text = await cockpit.text(path);
  expect(Buffer.byteLength(text)).toBeLessThan(28_000);
});

test('the ten campaigns with the most that is red are shown, and the others are among the filters', async () => {
  const text = await cockpit.text('/runs/night-5');
  const card = text.split('id="campaigns"')[1]?.split('</section>')[0] ?? '';
  expect(card.match(/<tr><th scope="row">/g)).toHaveLength(10);
  expect(card).toContain('>C-20</a>');
  expect(card).toContain('<a href="#cases">10 more campaigns</a>');
  expect(campaigns.filter((name) => !text.includes(`<option>${name}</option>`))).toEqual([]);
});

test('the message of a case that is told in full above is not told again in the table', async () => {
  const table = (text: string) => text.split('id="cases"')[1]?.split('</section>')[0] ?? '';
  const notes = (text: string) => table(text).match(/a row of &#39;salary&#39;/g)?.length ?? 0;
  expect(notes(await cockpit.text('/runs/night-5?verdict=failed'))).toBe(casesPerPage - failuresPerPage);
  expect(notes(await cockpit.text('/runs/night-5?verdict=failed&page=2'))).toBeGreaterThan(failuresPerPage);
});
