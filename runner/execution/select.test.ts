import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CollectedCase } from './protocol.ts';
import { type Selection, select, unmatched } from './select.ts';

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

test('shards together are the whole plan, none twice, and a sequential campaign stays in one', () => {
  const campaigns = fc.array(
    fc.record({ campaign: fc.constantFrom('A', 'B', 'C'), sequential: fc.boolean() }),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(campaigns, fc.integer({ min: 1, max: 7 }), (entries, count) => {
      const cases = entries.map(({ campaign, sequential }, i) =>
        collected(campaign, String(i), { order: sequential ? 'sequential' : 'concurrent' }),
      );
      const shards = Array.from({ length: count }, (_, i) =>
        select(cases, { ...all, shard: { index: i + 1, count } }),
      );
      expect(
        shards
          .flat()
          .map(({ key }) => key)
          .sort(),
      ).toEqual(cases.map(({ key }) => key).sort());
      for (const name of ['A', 'B', 'C']) {
        const holders = shards.filter((shard) =>
          shard.some((item) => item.campaign === name && item.order === 'sequential'),
        );
        expect(holders.length).toBeLessThanOrEqual(1);
      }
    }),
  );
});
