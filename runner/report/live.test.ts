// The report on disk: whole and true at every instant, on a disk that fills up too.

import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeClock } from '../../fixtures/testing/fake-clock.ts';
import { applyEvent, fold } from '../journal/index.ts';
import { junit } from './junit.ts';
import { LiveReport } from './live.ts';
import { junit10, readJunit } from './testdata/read-junit.ts';
import { eventsOf, everything, passed, type SampleRun, stateOf, statesOf } from './testdata/sample-run.ts';

let folder = '';
let count = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'charter-live-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fresh(): string {
  count += 1;
  return join(folder, `${count}`, 'charter-host.xml');
}
const onDisk = (path: string): string => readFileSync(path, 'utf8');
const here = (name: string): string => JSON.stringify(new URL(name, import.meta.url).href);

const many = (size: number): SampleRun => ({
  cases: Array.from({ length: size }, (_, index) => ({
    id: `${index}`,
    attempts: index < 3 ? [passed] : [],
  })),
});

describe('the live report', () => {
  it('is what the state says after every update, with nothing else in the folder', () => {
    const path = fresh();
    const live = new LiveReport(path, { clock: new FakeClock() });
    for (const state of statesOf(everything)) {
      live.update(state);
      expect(onDisk(path)).toBe(junit(state));
      expect(readdirSync(join(path, '..'))).toEqual(['charter-host.xml']);
    }
    expect(live.problem).toBeUndefined();
  });

  it('is replaced after every event up to 1,000 cases', () => {
    const path = fresh();
    const clock = new FakeClock();
    const live = new LiveReport(path, { clock });
    for (const state of statesOf(many(1000))) {
      live.update(state);
      expect(onDisk(path)).toBe(junit(state));
    }
    expect(clock.waiting).toBe(0);
  });

  it('is replaced at most every 500 ms beyond that, and the last change is not lost', () => {
    const path = fresh();
    const clock = new FakeClock();
    const live = new LiveReport(path, { clock });
    const run = many(1001);
    const events = eventsOf(run);
    const state = fold(events.slice(0, 2));
    live.update(state);
    const first = onDisk(path);
    for (const event of events.slice(2)) {
      applyEvent(state, event);
      live.update(state);
      clock.pass(10);
      expect(onDisk(path)).toBe(first);
    }
    expect(clock.waiting).toBe(1);
    clock.pass(500);
    expect(onDisk(path)).toBe(junit(state));
    expect(clock.waiting).toBe(0);
  });

  it('is whole after finish, without a call left behind', () => {
    const path = fresh();
    const clock = new FakeClock();
    const live = new LiveReport(path, { clock });
    const state = stateOf(many(1001));
    live.update(state);
    live.update(state);
    expect(live.finish(state)).toBeUndefined();
    expect([onDisk(path), clock.waiting]).toEqual([junit(state), 0]);
  });

  it('remembers why it could not be written, and forgets it once it could', () => {
    const path = fresh();
    writeFileSync(join(path, '..'), 'a file where the folder should be');
    const live = new LiveReport(path);
    const state = stateOf(everything);
    live.update(state);
    expect(live.problem).toMatchObject({
      code: 'CHR_REPORT_UNWRITABLE',
      message: expect.stringContaining(path),
    });
    expect(live.finish(state)).toBe(live.problem);
    rmSync(join(path, '..'));
    expect(live.finish(state)).toBeUndefined();
    expect(onDisk(path)).toBe(junit(state));
  });

  it('keeps the last whole file when the disk takes only a part, and leaves no draft', () => {
    const path = fresh();
    // The limit on file size stands for a full disk: the kernel takes a part and refuses the rest.
    const script = `
      const { LiveReport } = await import(${here('./live.ts')});
      const { stateOf, everything, passed } = await import(${here('./testdata/sample-run.ts')});
      const live = new LiveReport(${JSON.stringify(path)}, { clock: { now: () => 0, after: () => () => {} } });
      live.update(stateOf({ cases: [{ id: '1', attempts: [passed] }] }));
      console.log(live.problem);
      live.update(stateOf(everything));
      console.log(live.problem.code, live.problem.cause.code, live.finish(stateOf(everything)).code);
    `;
    // --norc: with a socket as standard input bash may take itself for a remote shell, and read what the user starts with.
    const child = spawnSync(
      'bash',
      ['--norc', '-c', 'ulimit -f 2; exec "$0" --input-type=module -e "$1"', process.execPath, script],
      { encoding: 'utf8' },
    );
    expect(child.stdout).toBe('undefined\nCHR_REPORT_UNWRITABLE EFBIG CHR_REPORT_UNWRITABLE\n');
    expect(onDisk(path)).toBe(junit(stateOf({ cases: [{ id: '1', attempts: [passed] }] })));
    expect(readdirSync(join(path, '..'))).toEqual(['charter-host.xml']);
  });

  it('keeps the last whole file on a disk that is full, and catches up when there is space again', (context) => {
    const mount = join(folder, 'small');
    mkdirSync(mount);
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', mount]).status !== 0) {
      context.skip('needs the right to mount a tmpfs');
    }
    try {
      const path = join(mount, 'charter-host.xml');
      const live = new LiveReport(path, { clock: new FakeClock() });
      const small = stateOf({ cases: [{ id: '1', attempts: [passed] }] });
      live.update(small);
      fill(join(mount, 'filler'));
      live.update(stateOf(everything));
      expect(live.problem?.cause).toMatchObject({ code: 'ENOSPC' });
      expect(onDisk(path)).toBe(junit(small));
      expect(readdirSync(mount).toSorted()).toEqual(['charter-host.xml', 'filler']);
      rmSync(join(mount, 'filler'));
      expect(live.finish(stateOf(everything))).toBeUndefined();
      expect(onDisk(path)).toBe(junit(stateOf(everything)));
    } finally {
      spawnSync('umount', [mount]);
    }
  });

  it('is whole whenever the writer is killed', async () => {
    const script = `
      const { LiveReport } = await import(${here('./live.ts')});
      const { statesOf, passed, failed } = await import(${here('./testdata/sample-run.ts')});
      const cases = Array.from({ length: 300 }, (_, index) => ({ id: String(index), attempts: [index % 3 ? passed : failed] }));
      const live = new LiveReport(process.argv[1]);
      for (;;) for (const state of statesOf({ cases })) { live.update(state); if (state.cases.size > 0) console.log(state.tally.notRun); }
    `;
    for (const lines of [1, 40, 333]) {
      const path = fresh();
      const child = spawn(process.execPath, ['--input-type=module', '-e', script, path], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let seen = 0;
      for await (const chunk of child.stdout) {
        seen += String(chunk).split('\n').length;
        if (seen >= lines) child.kill('SIGKILL');
      }
      const xml = onDisk(path);
      expect(junit10(xml)).toEqual([]);
      const { counts, cases } = readJunit(xml);
      expect(cases).toHaveLength(counts.tests);
      expect(counts.errors).toBeGreaterThanOrEqual(0);
    }
  });
});

function fill(path: string): void {
  for (let size = 65_536; size >= 1; size = Math.floor(size / 2)) {
    try {
      for (;;) writeFileSync(path, 'x'.repeat(size), { flag: 'a' });
    } catch {
      // Full for this size; go on with half of it.
    }
  }
}
