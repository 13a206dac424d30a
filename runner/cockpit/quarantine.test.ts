// Cases in quarantine on the pages: who looks after them, until when, and that an entry past its day is told by name.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CharterError } from '../errors/index.ts';
import { failed, passed } from '../report/testdata/sample-run.ts';
import type { Quarantine, Quarantined } from '../store/index.ts';
import { runOf, type TestCockpit, testCockpit } from './testing.ts';

const keys = ['C-10/10.1', 'C-10/10.2', 'C-10/10.3'];
const entry = (key: string, rest: Partial<Quarantined> = {}): Quarantined => ({
  ...{ case: key, owner: 'data <platform>', reason: 'Trino restarts at night', expires: '2026-12-31' },
  ...rest,
});

let cockpit: TestCockpit;
let quarantine: () => Quarantine;
const told: unknown[] = [];
beforeAll(async () => {
  const cases = ['10.1', '10.2', '10.3'].map((id) => ({ id, title: id, attempts: [failed, passed] }));
  const red = { id: '10.4', title: 'red', attempts: [failed] };
  const end = { exitCode: 1, reason: 'completed' };
  cockpit = await testCockpit([runOf({ run: 'one', ago: 0, cases: [...cases, red], end })], 'quickest', {
    quarantine: () => quarantine(),
    onError: (error) => told.push(error),
  });
}, 180_000);
afterAll(() => cockpit.close());

const seen = async (path: string) =>
  (await cockpit.text(path)).replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');

test('flaky cases are marked with owner, day and reason; an expired entry is told', async () => {
  const expired = [entry(keys[1] ?? '', { owner: 'sleepers', expires: '2026-01-31' })];
  quarantine = () => ({ active: new Map([[keys[0] ?? '', entry(keys[0] ?? '')]]), expired });
  const text = await seen('/flakes');
  const rows = text.slice(text.indexOf('Last seen'), text.indexOf('Counted apart'));
  expect(rows).toMatch(
    /10\.1 [^:]* quarantine data &lt;platform&gt;, until 2026-12-31: Trino restarts at night/,
  );
  expect(rows).toMatch(/10\.2 [^:]* quarantine expired sleepers, until 2026-01-31:/);
  expect(rows.match(/quarantine (?:expired )?(?:data|sleepers)/g)).toHaveLength(2);
  expect(text).toMatch(
    /Quarantine 2 cases, 1 expired .* quarantine expired C-10\/10\.2 as above quarantine C-10\/10\.1 as above/,
  );
});

test('so are the case, the case of a run, and a red case, which stays red', async () => {
  const red = entry('C-10/10.4', { reason: 'known' });
  quarantine = () => ({ active: new Map([[red.case, red]]), expired: [] });
  const words = 'quarantine data &lt;platform&gt;, until 2026-12-31: known';
  for (const path of [
    '/case?environment=production&key=C-10%2F10.4',
    '/runs/one/case?key=C-10%2F10.4',
    '/runs/one',
  ])
    expect(await seen(path), path).toContain(words);
  expect(await seen('/runs/one')).toContain('1 failed of 4 cases');
  expect(await seen('/case?environment=production&key=C-10%2F10.1')).not.toContain('quarantine');
});

test('a file that is not right marks nothing, says so, and is told to the log', async () => {
  quarantine = () => {
    throw new CharterError('CHR_CONFIG_INVALID', 'twice');
  };
  expect(await seen('/flakes')).toContain('The quarantine file cannot be read');
  expect(await seen('/runs/one')).not.toContain('quarantine data');
  expect(told).toContainEqual(expect.objectContaining({ code: 'CHR_CONFIG_INVALID' }));
});

test('a hundred entries stay a small page', async () => {
  const many = Array.from({ length: 100 }, (_, i) =>
    entry(`C-10/${'x'.repeat(300)}${i}`, { reason: 'y'.repeat(2_000) }),
  );
  quarantine = () => ({ active: new Map(many.map((one) => [one.case, one])), expired: many });
  expect(Buffer.byteLength(await cockpit.text('/flakes'))).toBeLessThan(30_000);
});
