// Cases in quarantine on the pages: who looks after them, until when, and that an entry past its day is told by name.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CharterError } from '../errors/index.ts';
import type { Outcome } from '../journal/index.ts';
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
  const lab = (run: string, ago: number, outcome: Outcome) => {
    const three = ['20.1', '20.2', '20.3'].map((id) => ({ id, title: id, attempts: [outcome] }));
    const exitCode = outcome.verdict === 'passed' ? 0 : 1;
    return runOf({ run, ago, environment: 'lab', cases: three, end: { ...end, exitCode } });
  };
  cockpit = await testCockpit(
    [
      runOf({ run: 'one', ago: 0, cases: [...cases, red], end }),
      ...[lab('lab-before', 1, passed), lab('lab', 0, failed)],
    ],
    'quickest',
    { quarantine: () => quarantine(), onError: (error) => told.push(error) },
  );
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

describe('the overview and the verdict of a run', () => {
  const owned = entry('C-10/20.1', { reason: 'known' });
  const late = entry('C-10/20.2', { owner: 'sleepers', expires: '2026-01-31' });

  test('mark what changed, an entry past its day apart', async () => {
    quarantine = () => ({ active: new Map([[owned.case, owned]]), expired: [late] });
    const changed = (await seen('/environments/lab')).split('What changed')[1] ?? '';
    expect(changed).toMatch(
      /Newly failing: 3 .* 20\.1 .* quarantine data &lt;platform&gt; ?, until 2026-12-31/,
    );
    expect(changed).toMatch(/20\.2 .* quarantine expired sleepers ?, until 2026-01-31 /);
    expect(changed.match(/quarantine (?:expired )?(?:data|sleepers)/g)).toHaveLength(2);
  });

  test.each(['/environments/lab', '/runs/lab'])(
    '%s counts the red ones apart, and stays red',
    async (path) => {
      const others = ['C-10/10.4', 'C-99/1'].map((key) => entry(key));
      quarantine = () => ({
        ...{ active: new Map([owned, ...others].map((one) => [one.case, one])), expired: [late] },
      });
      const text = await seen(path);
      expect(text).toContain('3 failed of 3 cases');
      expect(text).toContain('3 cases are not as promised, of them 1 in quarantine.');
    },
  );

  test('say nothing of it where none of the red ones is in quarantine', async () => {
    quarantine = () => ({ active: new Map([['C-10/10.1', entry('C-10/10.1')]]), expired: [late] });
    expect(await seen('/runs/lab')).not.toContain('in quarantine');
    expect(await seen('/runs/one')).not.toContain('in quarantine');
    expect(await seen('/runs/lab-before')).not.toContain('in quarantine');
  });
});

test('a file that is not right marks nothing, says so, and is told to the log', async () => {
  quarantine = () => {
    throw new CharterError('CHR_CONFIG_INVALID', 'twice');
  };
  expect(await seen('/flakes')).toContain('The quarantine file cannot be read');
  expect(await seen('/runs/one')).not.toContain('quarantine data');
  expect(await seen('/environments/lab')).toContain('Newly failing: 3');
  expect(told).toContainEqual(expect.objectContaining({ code: 'CHR_CONFIG_INVALID' }));
});

test('a hundred entries stay a small page', async () => {
  const many = Array.from({ length: 100 }, (_, i) =>
    entry(`C-10/${'x'.repeat(300)}${i}`, { reason: 'y'.repeat(2_000) }),
  );
  quarantine = () => ({ active: new Map(many.map((one) => [one.case, one])), expired: many });
  expect(Buffer.byteLength(await cockpit.text('/flakes'))).toBeLessThan(30_000);
});
