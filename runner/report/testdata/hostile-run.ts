// Runs with the worst names, messages and properties that a platform or a campaign may give.
import fc from 'fast-check';
import type { Outcome } from '../../journal/index.ts';
import { passed, type SampleRun } from './sample-run.ts';

const hostile = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  {
    weight: 6,
    arbitrary: fc.string({
      unit: fc.constantFrom(
        '\u0000',
        '\u001b[31m',
        ']]>',
        '<![CDATA[',
        '&amp;',
        '"',
        "'",
        '<',
        '>',
        '\ud800',
        '\udfff',
        '😀',
        '\r\n',
        '\n',
        '\t',
        '\ufffe',
        '\u0085',
        'é',
        ' ',
        'a',
      ),
      maxLength: 30,
    }),
  },
  { weight: 1, arbitrary: fc.constantFrom('x'.repeat(70_000), '😀'.repeat(40_000), '&'.repeat(65_536), '') },
);
const outcome: fc.Arbitrary<Outcome> = fc.oneof(
  fc.constant(passed),
  fc.record({ verdict: fc.constant('skipped' as const), reason: hostile }),
  fc.record({
    verdict: fc.constantFrom<'failed' | 'error'>('failed', 'error'),
    failure: fc.record({
      kind: hostile,
      message: hostile,
      expected: hostile,
      stack: hostile,
      observations: fc.array(hostile, { maxLength: 4 }),
    }),
  }),
  fc.constant<Outcome>({ verdict: 'failed' }),
);
export const anyRun: fc.Arbitrary<SampleRun> = fc.record({
  properties: fc.dictionary(hostile, hostile, { maxKeys: 3 }),
  cases: fc.array(
    fc.record({
      id: hostile,
      campaign: fc.oneof(fc.constantFrom('C-10', 'run'), hostile),
      persona: fc.oneof(fc.constantFrom('alice'), hostile),
      title: hostile,
      attempts: fc.array(fc.oneof(outcome, fc.constant('running' as const)), { maxLength: 3 }),
      warnings: fc.array(hostile, { maxLength: 2 }),
    }),
    { maxLength: 8 },
  ),
});
