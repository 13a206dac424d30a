// A shard that no merge speaks for knows a part of the charter: no run is compared with it.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { failed, passed } from '../report/testdata/sample-run.ts';
import { cockpitReads } from '../store/index.ts';
import { runOf, type TestCockpit, testCockpit } from './testing.ts';

const end = (exitCode: number) => ({ exitCode, reason: 'completed' });
const cases = (ids: readonly string[], ...red: readonly string[]) =>
  ids.map((id) => ({ id, attempts: [red.includes(id) ? failed : passed] }));
const all = ['1', '2', '3', '4'];
const shard = (number: number) => ({ properties: { shard: `${number}/2`, job: 'second' } });

let cockpit: TestCockpit;
beforeAll(async () => {
  const between = { environment: 'between', cases: cases(all, '3', '4'), end: end(1) };
  const sisters = { environment: 'sisters', end: end(1) };
  cockpit = await testCockpit([
    runOf({ ...between, run: 'first', ago: 2 }),
    runOf({ ...between, run: 'half', ago: 1, cases: cases(['1', '2']), end: end(0), ...shard(1) }),
    runOf({ ...between, run: 'third', ago: 0 }),
    runOf({ ...sisters, run: 'whole', ago: 1, cases: cases(all, '3') }),
    runOf({ ...sisters, run: 'sister', ago: 0.001, cases: cases(['1', '2'], '1'), ...shard(1) }),
    runOf({ ...sisters, run: 'told', ago: 0, cases: cases(['3', '4'], '3'), ...shard(2) }),
  ]);
}, 180_000);
afterAll(() => cockpit.close());

async function seen(path: string): Promise<string> {
  const text = await cockpit.text(path);
  return text.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');
}

test('a night of which one green shard was stored hides nothing that failed before it', async () => {
  const text = await seen('/environments/between');
  expect(text).toContain('2 cases are still not as promised, as before.');
  expect(text).not.toContain('Newly failing');
});

test('a red shard is compared with the whole before it, not with its sister', async () => {
  const reads = cockpitReads(cockpit.store);
  const head = (await reads.environments()).find(({ environment }) => environment === 'sisters')?.last;
  expect(head?.run).toBe('told');
  expect(head === undefined ? undefined : (await reads.previous(head))?.run).toBe('whole');
  expect(await seen('/environments/sisters')).toContain('1 case is still not as promised, as before.');
});

test('`charter runs diff A latest` takes no shard for the newest of a whole charter', async () => {
  const reads = cockpitReads(cockpit.store);
  const whole = async (environment: string) =>
    (await reads.runs({ environment, of: 'whole' }, { limit: 9, offset: 0 })).rows.map(({ run }) => run);
  expect(await whole('between')).toEqual(['third', 'first']);
  expect(await whole('sisters')).toEqual(['whole']);
});
