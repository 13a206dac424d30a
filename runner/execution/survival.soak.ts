// The long form of survival: many kills, workers killed under their run, signals, full disks, and clean runs with nothing red.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readLeftBehind, runCharter } from '../../fixtures/testing/index.ts';
import { type KnownRun, startKnownRun, survivorsOf, workerOf } from '../../fixtures/testing/killed-runs.ts';
import { killGroup, seeded } from '../../fixtures/testing/killing.ts';
import { untruths } from '../../fixtures/testing/untruths.ts';
import { countsOf } from '../journal/index.ts';

const random = seeded(Number(process.env.CHARTER_SOAK_SEED ?? 7));
const runMs = 2_500;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function repeat(times: number, one: (i: number) => Promise<void>): Promise<void> {
  for (let i = 0; i < times; i++) await one(i);
}

async function expectNothingLeft(run: KnownRun, what: string): Promise<void> {
  expect(await survivorsOf(run.out), `processes left by ${what}`).toEqual([]);
  run.remove();
}

test('60 kills of the whole group: each report is whole and true', () =>
  repeat(60, async (i) => {
    const run = startKnownRun();
    await run.begun;
    await pause(random() * runMs);
    killGroup(run.child);
    const ended = await run.ended;
    const wrong = ended.code === null ? untruths(run.out, 'group killed') : untruths(run.out, 'ended', ended);
    expect(wrong, `kill ${i}`).toEqual([]);
    await expectNothingLeft(run, `kill ${i}`);
  }));

test('10 kills of the worker alone: the run goes on and every case is told', () =>
  repeat(10, async (i) => {
    const run = startKnownRun();
    const worker = await workerOf(run.out);
    await pause(random() * runMs * 0.6);
    try {
      process.kill(worker, 'SIGKILL');
    } catch {
      // The run was quicker than the killer.
    }
    const ended = await run.ended;
    expect(ended.code, ended.stderr).toBe(1);
    expect(untruths(run.out, 'worker killed', ended), `worker kill ${i}`).toEqual([]);
    const { state } = readLeftBehind(run.out);
    const ofFiles = [...state.cases.values()].filter(({ planned }) => planned.campaign === 'file');
    expect(countsOf(state).tests).toBe(60 + ofFiles.length);
    await expectNothingLeft(run, `worker kill ${i}`);
  }));

test('10 times SIGTERM: the report says what was not run', () =>
  repeat(10, async (i) => {
    const run = startKnownRun();
    await run.begun;
    await pause(random() * runMs);
    run.child.kill('SIGTERM');
    const ended = await run.ended;
    expect([1, 7], ended.stderr).toContain(ended.code);
    expect(untruths(run.out, 'terminated', ended), `SIGTERM ${i}`).toEqual([]);
    await expectNothingLeft(run, `SIGTERM ${i}`);
  }));

test('10 full disks: the last report that fitted is whole, SUMMARY tells the verdict', async (context) => {
  if (process.getuid?.() !== 0) context.skip('mounting a small tmpfs needs root');
  await repeat(10, async (i) => {
    const disk = mkdtempSync(join(tmpdir(), 'charter-disk-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${16 + 4 * i}k`, 'tmpfs', disk]);
    try {
      const run = startKnownRun({ out: disk });
      const ended = await run.ended;
      expect(ended.code, ended.stderr).toBe(5);
      expect(ended.stdout.trimEnd().split('\n').at(-1)).toBe(
        '[charter-runner] SUMMARY tests=60 pass=15 fail=15 err=15 skip=15',
      );
      expect(untruths(disk, 'disk full'), `full disk ${i}`).toEqual([]);
      await expectNothingLeft(run, `full disk ${i}`);
    } finally {
      execFileSync('umount', [disk]);
      rmSync(disk, { recursive: true, force: true });
    }
  });
});

test('20 clean runs against the reference platform: nothing red', () =>
  repeat(20, async (i) => {
    const out = mkdtempSync(join(tmpdir(), 'charter-clean-'));
    const ended = await runCharter(['run', '--embedded', '--out', out]);
    const { fail, err, pass } = countsOf(readLeftBehind(out).state);
    expect({ code: ended.code, fail, err }, `clean run ${i}: ${ended.stdout.slice(-2_000)}`).toEqual({
      code: 0,
      fail: 0,
      err: 0,
    });
    expect(pass).toBeGreaterThan(90);
    rmSync(out, { recursive: true, force: true });
  }));
