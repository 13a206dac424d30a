import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isRunning, scratchFolder } from './scratch-folder.ts';

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'scratch-'));
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

const made = (alive: readonly number[]) =>
  basename(
    scratchFolder({ parent, kind: 'op', host: 'pod-1', pid: 7, isAlive: (pid) => alive.includes(pid) }),
  );

test('what killed processes left is gone, what others use or named otherwise is not', () => {
  const stay = [
    ...[
      'op-pod-1-3-aaaaaa',
      'op-pod-1-aaaaaa',
      'op-pod-1-2-aaaaaa-kept',
      'other-pod-1-2-aaaaaa',
      'my-op-pod-1-2-aaaaaa',
    ],
    // Of another container, whose processes nobody sees from here.
    ...['op-pod-2-7-aaaaaa', 'op-pod-2-9-aaaaaa'],
  ];
  for (const name of [...stay, 'op-pod-1-2-aaaaaa', 'op-pod-1-7-aaaaaa']) {
    mkdirSync(join(parent, name));
    writeFileSync(join(parent, name, 'chart.tgz'), 'x');
  }
  const own = made([3]);
  expect(own).toMatch(/^op-pod-1-7-[A-Za-z0-9]{6}$/);
  expect(readdirSync(parent).toSorted()).toEqual([...stay, own].toSorted());
});

test('a container that is started again and again under one pid fills nothing', () => {
  for (let kills = 0; kills < 5; kills += 1) writeFileSync(join(parent, made([7]), 'chart.tgz'), 'x');
  expect(readdirSync(parent)).toHaveLength(1);
});

test('this process runs, one that cannot be does not', () => {
  expect(isRunning(process.pid)).toBe(true);
  expect(isRunning(2 ** 30)).toBe(false);
});
