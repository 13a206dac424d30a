import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Background, start, stop } from './background.ts';

let folder: string;
let polite: Background;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'charter-background-'));
  const [pidFile, logFile] = [join(folder, 'pid'), join(folder, 'log')];
  polite = { pidFile, logFile, command: ['sleep', '300'] };
});
afterEach(async () => {
  await stop(polite.pidFile, { patience: 0 });
  rmSync(folder, { recursive: true });
});

/** One that has ended stays a zombie until this process has heard of it. */
function isAlive(pid: number): boolean {
  const stat = `/proc/${pid}/stat`;
  return existsSync(stat) && !/\) Z /.test(readFileSync(stat, 'utf8'));
}

test('K59 it is started once, however often it is asked for', () => {
  const first = start(polite);
  expect(first.was).toBe('started');
  expect(isAlive(first.pid)).toBe(true);
  expect(start(polite)).toEqual({ was: 'running already', pid: first.pid });
});

test('K52 K59 stop ends it with TERM, removes the PID file, and may be asked for again', async () => {
  const { pid } = start(polite);
  expect(await stop(polite.pidFile)).toBe('ended by itself');
  expect(isAlive(pid)).toBe(false);
  expect(existsSync(polite.pidFile)).toBe(false);
  expect(await stop(polite.pidFile)).toBe('was not running');
});

test('K52 who does not hear TERM is killed', async () => {
  const script = `trap '' TERM; echo deaf; while :; do sleep 0.05; done`;
  const deaf = { ...polite, command: ['sh', '-c', script] };
  const { pid } = start(deaf);
  while (!readFileSync(deaf.logFile, 'utf8').includes('deaf')) await after(20);
  expect(await stop(deaf.pidFile, { patience: 300 })).toBe('killed');
  expect(existsSync(deaf.pidFile)).toBe(false);
  expect(isAlive(pid)).toBe(false);
});

test('K59 a PID file of another time harms nobody who has that id now', async () => {
  writeFileSync(polite.pidFile, `${process.pid} 12\n`);
  expect(await stop(polite.pidFile)).toBe('was not running');
  expect(isAlive(process.pid)).toBe(true);
  writeFileSync(polite.pidFile, `${process.pid} 12\n`);
  expect(start(polite).was).toBe('started');
});
