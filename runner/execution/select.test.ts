import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CollectedCase } from './protocol.ts';
import { isolatedIn, type Selection, select, unmatched } from './select.ts';

const all: Selection = { campaigns: [], cases: [], personas: [], tags: [] };

function collected(campaign: string, id: string, more: Partial<CollectedCase> = {}): CollectedCase {
  const key = `${campaign}/${id}${more.persona === undefined ? '' : `[${more.persona}]`}`;
  return {
    ...{
      key,
      campaign,
      id,
      title: id,
      file: 'a.campaign.ts',
      tags: [],
      targets: [],
      order: 'concurrent',
      retry: 'as configured',
      timeoutMs: 1,
      personas: [],
    },
    ...more,
  };
}

const plan = [
  collected('C-10', '10.1', { tags: ['quick'] }),
  collected('C-10', '10.3', { persona: 'alice', personas: ['alice'] }),
  collected('C-10', '10.3', { persona: 'bob', personas: ['bob'] }),
  collected('W4', 'W4.6', { order: 'sequential', personas: ['alice'] }),
  collected('W4', 'W4.7', { order: 'sequential', personas: ['carol'] }),
];

describe('a filter takes', () => {
  test.each([
    [
      'everything when none is given',
      all,
      ['C-10/10.1', 'C-10/10.3[alice]', 'C-10/10.3[bob]', 'W4/W4.6', 'W4/W4.7'],
    ],
    ['a campaign', { ...all, campaigns: ['W4'] }, ['W4/W4.6', 'W4/W4.7']],
    ['all personas of a case by its id', { ...all, cases: ['10.3'] }, ['C-10/10.3[alice]', 'C-10/10.3[bob]']],
    ['one line of the plan by its key', { ...all, cases: ['C-10/10.3[bob]'] }, ['C-10/10.3[bob]']],
    ['every case that concerns a persona', { ...all, personas: ['alice'] }, ['C-10/10.3[alice]', 'W4/W4.6']],
    ['a tag', { ...all, tags: ['quick'] }, ['C-10/10.1']],
    ['what all filters agree on', { ...all, campaigns: ['C-10'], personas: ['bob'] }, ['C-10/10.3[bob]']],
  ])('%s', (_name, selection, keys) => {
    expect(select(plan, selection).map(({ key }) => key)).toEqual(keys);
  });
});

test('a filter that matches nothing is named as it was written', () => {
  expect(unmatched(plan, { ...all, cases: ['10.1', '10.33'], personas: ['zoe'] })).toEqual([
    '--case 10.33',
    '--persona zoe',
  ]);
});

const shardsOf = (cases: readonly CollectedCase[], count: number) =>
  Array.from({ length: count }, (_, i) => select(cases, { ...all, shard: { index: i + 1, count } }));
const keysOf = (cases: readonly CollectedCase[]) => cases.map(({ key }) => key);

test('shards together are the whole plan, none twice; what builds on each other stays together, and isolated cases are the last of the first', () => {
  const order = fc.constantFrom('concurrent', 'sequential', 'isolated');
  const campaigns = fc.array(fc.record({ campaign: fc.constantFrom('A', 'B', 'C'), order }), {
    maxLength: 40,
  });
  fc.assert(
    fc.property(campaigns, fc.integer({ min: 1, max: 7 }), (entries, count) => {
      const cases = entries.map(({ campaign, ...more }, i) => collected(campaign, String(i), more));
      const shards = shardsOf(cases, count);
      expect(shards.flatMap(keysOf).sort()).toEqual(keysOf(cases).sort());
      for (const name of ['A', 'B', 'C']) {
        const builds = (item: CollectedCase) => item.campaign === name && item.order !== 'concurrent';
        expect(shards.filter((shard) => shard.some(builds)).length).toBeLessThanOrEqual(1);
      }
      const isolated = isolatedIn(cases);
      for (const { key } of cases.filter((item) => item.order === 'isolated'))
        expect(isolated).toContain(key);
      const first = keysOf(shards[0] ?? []);
      expect(first.slice(first.length - isolated.size)).toEqual(
        keysOf(cases).filter((key) => isolated.has(key)),
      );
    }),
  );
});

const changing = [
  collected('A', '1', { order: 'isolated' }),
  ...['1', '2', '3', '4'].map((id) => collected('B', id)),
  collected('A', '2', { order: 'sequential' }),
  collected('A', '3'),
];

test('what builds on an isolated case is isolated with it, what does not is dealt out', () => {
  expect(shardsOf(changing, 2).map(keysOf)).toEqual([
    ['B/1', 'B/3', 'A/3', 'A/1', 'A/2'],
    ['B/2', 'B/4'],
  ]);
});

test('also where a filter takes only a case of a file that forgot to say so', () => {
  const second = { ...all, cases: ['A/2', 'B/1'] };
  const keys = [1, 2].map((index) => keysOf(select(changing, { ...second, shard: { index, count: 2 } })));
  expect(keys).toEqual([['B/1', 'A/2'], []]);
  expect(isolatedIn(changing)).toContain('A/2');
});

test('without shards the order of the files is kept', () => {
  expect(select(changing, all)).toEqual(changing);
});
