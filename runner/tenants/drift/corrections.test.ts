import { expect, test } from 'vitest';
import { fakeClock } from '../../kube/testing/index.ts';
import { corrections } from './corrections.ts';

const what = 'Deployment shop differs at /spec/replicas';

function corrected(times: number) {
  const clock = fakeClock();
  const made = corrections(clock);
  const waits = Array.from({ length: times }, () => {
    clock.skip(made.waitMs('k', what));
    made.corrected('k', what);
    return made.waitMs('k', what) / 1000;
  });
  return { clock, made, waits };
}

test('eight corrections of one difference come at once, each further one waits twice as long, up to five minutes', () => {
  const { waits } = corrected(18);
  expect(waits).toEqual([0, 0, 0, 0, 0, 0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);
});

test('another difference, another Tenant, and the same one after ten quiet minutes are corrected at once', () => {
  const { clock, made } = corrected(12);
  expect(made.waitMs('k', what)).toBe(32_000);
  expect(made.waitMs('k', 'ConfigMap shop is missing')).toBe(0);
  expect(made.waitMs('another', what)).toBe(0);
  clock.skip(600_000);
  expect(made.waitMs('k', what)).toBe(0);
  made.corrected('k', what);
  expect(made.waitMs('k', what)).toBe(0);
});

test('a Tenant that is gone is forgotten', () => {
  const { made } = corrected(12);
  made.forget('k');
  expect(made.waitMs('k', what)).toBe(0);
});
