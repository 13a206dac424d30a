// Which run somebody means, in a store of several platforms.
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runOf, type TestCockpit, testCockpit } from '../cockpit/testing.ts';
import { failed, passed } from '../report/testdata/sample-run.ts';
import { type CockpitReads, cockpitReads } from '../store/index.ts';
import { readFlakes } from './flakes.ts';
import { expectPlatform, findPair, findRun } from './runs-find.ts';
import { diffLines } from './runs-lines.ts';
import { readDiff } from './runs-read.ts';

let store: TestCockpit;
let reads: CockpitReads;
beforeAll(async () => {
  const green = { cases: [{ id: '1', attempts: [passed] }], end: { exitCode: 0, reason: 'completed' } };
  const red = { cases: [{ id: '1', attempts: [failed] }], end: { exitCode: 1, reason: 'completed' } };
  store = await testCockpit([
    runOf({ run: 'stage-new', ago: 0, environment: 'stage', ...red }),
    runOf({ run: 'prod-new', ago: 1, environment: 'prod', ...green }),
    runOf({ run: 'prod-new-too', ago: 2, environment: 'prod', ...red }),
    runOf({ run: 'stage-old', ago: 3, environment: 'stage', ...green }),
    runOf({ run: 'only', ago: 9, environment: 'alone', ...red }),
    runOf({ run: 'prod-old', ago: 4, environment: 'prod', ...red }),
  ]);
  reads = cockpitReads(store.store);
}, 180_000);
afterAll(() => store.close());

test('a beginning that two runs have is answered with their whole names', async () => {
  expect((await findRun(reads, 'prod-new-')).run).toBe('prod-new-too');
  await expect(findRun(reads, 'prod-n')).rejects.toMatchObject({
    code: 'CHR_USAGE',
    hint: 'They are prod-new, prod-new-too.',
  });
});

test('no name is no beginning, also where there is only one run', async () => {
  const refusal = { code: 'CHR_USAGE', message: 'a run was asked for by an empty name' };
  await expect(findRun(reads, '', { environment: 'alone' })).rejects.toMatchObject(refusal);
  await expect(findPair(reads, 'latest', '', undefined)).rejects.toMatchObject(refusal);
});

test.for([
  ['prod-old', 'latest', undefined, 'prod-old prod-new'],
  ['latest', 'stage-old', undefined, 'stage-new stage-old'],
  ['latest', 'latest', undefined, 'stage-new stage-new'],
  ['latest', 'latest', 'prod', 'prod-new prod-new'],
  ['prod-old', 'stage-new', undefined, 'prod-old stage-new'],
] as const)('%s beside %s on %s are %s', async ([a, b, environment, expected]) => {
  const pair = await findPair(reads, a, b, environment);
  expect(pair.map(({ run }) => run).join(' ')).toBe(expected);
});

test('only runs of the platform that was asked for are found', async () => {
  expect((await findRun(reads, 'latest', { environment: 'prod' })).run).toBe('prod-new');
  const refusal = { code: 'CHR_USAGE', message: 'no run of the platform prod is called stage-new' };
  await expect(findRun(reads, 'stage-new', { environment: 'prod' })).rejects.toMatchObject(refusal);
  await expect(findPair(reads, 'latest', 'stage-new', 'prod')).rejects.toMatchObject(refusal);
});

test('both heads of a diff name their platform, and two platforms are a warning', async () => {
  const linesOf = async (a: string, b: string) =>
    diffLines(await readDiff(reads, ...(await findPair(reads, a, b, undefined)), 'table'));
  const warning = /^warning: two platforms/;
  const two = await linesOf('prod-new', 'stage-new');
  expect(two.slice(0, 2)).toEqual([
    expect.stringMatching(/^A prod-new passed, prod, /),
    expect.stringMatching(/^B stage-new failed, stage, /),
  ]);
  expect(two).toContainEqual(expect.stringMatching(warning));
  expect(await linesOf('prod-new', 'latest')).not.toContainEqual(expect.stringMatching(warning));
});

test('a platform that nobody has run on is no platform without runs', async () => {
  const refusal = {
    ...{ code: 'CHR_USAGE', message: 'no platform in the store is called nope' },
    hint: 'Known are alone, prod, stage.',
  };
  await expect(expectPlatform(reads, 'nope')).rejects.toMatchObject(refusal);
  await expect(findRun(reads, 'latest', { environment: 'nope' })).rejects.toMatchObject(refusal);
  const asked = { environment: 'nope', last: 10 };
  await expect(readFlakes(reads, asked, { active: new Map(), expired: [] })).rejects.toMatchObject(refusal);
});

test('a beginning is looked for among all runs, not among the newest', async () => {
  const rows = async (id: string, from: number, to: number) =>
    sql`insert into charter.run (id, host, environment, started_at, began_at, properties, part, job, image_digest, config_hash)
      select ${id} || n, 'h', 'many', now(), now() - n * interval '1 minute', '{}', 'whole', '', '', ''
      from generate_series(${from}::integer, ${to}::integer) n`.execute(store.store.db);
  await rows('many-', 1, 1_200);
  await rows('buried-', 1_201, 1_201);
  await rows('buried-too-', 1_202, 1_210);
  expect((await findRun(reads, 'buried-1')).run).toBe('buried-1201');
  expect((await findRun(reads, 'buried-1', { environment: 'many' })).run).toBe('buried-1201');
  await expect(findRun(reads, 'buried-1', { environment: 'prod' })).rejects.toMatchObject({
    code: 'CHR_USAGE',
  });
  await expect(findRun(reads, 'buried')).rejects.toMatchObject({
    ...{ code: 'CHR_USAGE', message: 'more than 5 runs in the store begin with buried' },
    hint: 'The newest are buried-1201, buried-too-1202, buried-too-1203, buried-too-1204, buried-too-1205.',
  });
  // No pattern of SQL.
  await expect(findRun(reads, 'buried_')).rejects.toMatchObject({
    message: 'no run in the store is called buried_',
  });
});
