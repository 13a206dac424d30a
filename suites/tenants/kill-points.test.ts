import { expect, test } from 'vitest';
import { pointsOf } from './kill-points.ts';
import { atWork } from './revision.ts';

test('a seed gives the same points each time, and another one others', () => {
  expect(pointsOf('7')).toEqual(pointsOf('7'));
  expect(pointsOf('8')).not.toEqual(pointsOf('7'));
});

test('each of seven kills is aimed at Helm once, at installs and upgrades in turn, and at any time of all others', () => {
  const kills = pointsOf('7');
  const aimed = kills.map((points) => points.filter(({ aim }) => aim === 'helm'));
  expect(kills.map((points) => points.length)).toEqual([3, 3, 3, 3, 3, 3, 2]);
  expect(aimed.map((points) => points.map(({ verb }) => verb).join())).toEqual([
    ...['install', 'upgrade', 'install', 'upgrade', 'install', 'upgrade', 'install'],
  ]);
  for (const { aim, ms } of kills.flat()) {
    expect(ms).toBeGreaterThanOrEqual(aim === 'helm' ? 0 : 150);
    expect(ms).toBeLessThan(aim === 'helm' ? 1_000 : 6_150);
  }
});

test.each([
  [[{ version: 1, status: 'pending-install' }], true],
  [
    [
      { version: 1, status: 'deployed' },
      { version: 2, status: 'pending-upgrade' },
    ],
    true,
  ],
  [[{ version: 1, status: 'uninstalling' }], true],
  [[{ version: 1, status: 'deployed' }], false],
  [[], false],
])('of %j Helm is at work: %s', (revisions, expected) => {
  expect(atWork(revisions)).toBe(expected);
});
