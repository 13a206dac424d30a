import { expect, test } from 'vitest';
import { grown, samplesIn, syncCounters } from './metrics.ts';

const text = (success: number) => `# HELP policy_sync_runs_total Syncs by result.
# TYPE policy_sync_runs_total counter
policy_sync_runs_total{result="success"} ${success}
policy_sync_runs_total{result="error"} ${success}
process_start_time_seconds 1.7e9
go_gc{quantile="0.5"} +Inf 1700000000
`;

test('samples are read by name and labels', () => {
  expect(samplesIn(text(3))?.get('policy_sync_runs_total{result="success"}')).toBe(3);
  expect(samplesIn(text(3))?.get('process_start_time_seconds')).toBe(1.7e9);
});

test.each([['<html></html>'], [''], ['{"runs": 1}'], ['# only a comment']])('%j is no metrics', (other) => {
  expect(samplesIn(other)).toBeUndefined();
});

test('only counters of syncs that succeeded count', () => {
  const [before, after] = [samplesIn(text(3)), samplesIn(text(4))];
  if (before === undefined || after === undefined) throw new Error('not read');
  expect(syncCounters(after)).toEqual(['policy_sync_runs_total{result="success"}']);
  expect(grown(before, after)).toEqual(['policy_sync_runs_total{result="success"}']);
  expect(grown(after, after)).toEqual([]);
});
