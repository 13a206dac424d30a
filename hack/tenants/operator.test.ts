import { expect, test } from 'vitest';
import { samplesOf } from './operator.ts';

test('metrics are read with their labels; comments and histograms pass by', () => {
  const text = [
    '# HELP tenants_ready Tenants that are Ready.',
    'tenants_ready{cluster="remote-a",kind="a\\"b"} 2',
    'up 1',
    'bucket{le="+Inf"} NaN',
  ].join('\n');
  expect(samplesOf(text)).toEqual([
    { name: 'tenants_ready', labels: { cluster: 'remote-a', kind: 'a\\"b' }, value: 2 },
    { name: 'up', labels: {}, value: 1 },
    { name: 'bucket', labels: { le: '+Inf' }, value: Number.NaN },
  ]);
});
