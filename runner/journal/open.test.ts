// The journal on disk: what survives kills, full disks and garbage.
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CharterError } from '../errors/index.ts';
import { type JournalEvent, openJournal, readJournal } from './index.ts';

let folder = '';
let count = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'charter-journal-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fresh = (): string => {
  count += 1;
  return join(folder, `${count}`, 'run.journal.jsonl');
};
const event = (name: string): JournalEvent => ({
  event: 'property',
  at: '2026-11-21T01:00:00.000Z',
  name,
  value: 'é\n"\u0000',
});

function written(...names: string[]): string {
  const path = fresh();
  const journal = openJournal(path);
  for (const name of names) journal.append(event(name));
  journal.close();
  return path;
}
const names = (path: string): string[] =>
  readJournal(path).events.map((one) => (one.event === 'property' ? one.name : one.event));

function thrown(act: () => unknown): CharterError {
  try {
    act();
  } catch (error) {
    if (error instanceof CharterError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('the journal', () => {
  it('gives back what was appended, one line each', () => {
    const path = written('a', 'b');
    expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(3);
    expect(readJournal(path)).toEqual({ events: [event('a'), event('b')], torn: 0 });
  });

  it('holds an event the moment append returns', () => {
    const path = fresh();
    const journal = openJournal(path);
    journal.append(event('a'));
    expect(names(path)).toEqual(['a']);
    journal.close();
  });

  it('survives a cut at any byte: whole lines stay, half a line is counted', () => {
    const whole = written('a', 'b', 'c');
    const bytes = readFileSync(whole);
    const ends = [...bytes].flatMap((byte, index) => (byte === 0x0a ? [index + 1] : []));
    fc.assert(
      fc.property(fc.nat({ max: bytes.length }), (size) => {
        const path = fresh();
        mkdirSync(dirname(path));
        writeFileSync(path, bytes.subarray(0, size));
        const kept = ends.filter((end) => end <= size).length;
        // A line that lacks only its line break is whole.
        const complete = ends.includes(size + 1) ? kept + 1 : kept;
        const half = size === 0 || ends.includes(size) || ends.includes(size + 1) ? 0 : 1;
        expect(readJournal(path)).toMatchObject({ torn: half });
        expect(names(path)).toEqual(['a', 'b', 'c'].slice(0, complete));
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['not JSON', 'Segmentation fault'],
    ['binary', '\u0000\u0000\u0000'],
    ['another JSON', '42'],
    ['an unknown event', '{"event":"party","at":"2026-11-21T01:00:00Z"}'],
    ['a name every object has', '{"event":"toString","at":"2026-11-21T01:00:00Z"}'],
    ['a time that is none', '{"event":"property","at":"soon","name":"a","value":"b"}'],
    ['a missing field', '{"event":"case-started","at":"2026-11-21T01:00:00Z"}'],
    [
      'a verdict that is none',
      '{"event":"case-ended","at":"2026-11-21T01:00:00Z","key":"k","attempt":1,"durationMs":1,"outcome":{"verdict":"great"}}',
    ],
    ['half an attempt', '{"event":"case-started","at":"2026-11-21T01:00:00Z","key":"k","attempt":1.5}'],
    [
      'an attempt that nobody counts to',
      '{"event":"case-started","at":"2026-11-21T01:00:00Z","key":"k","attempt":3e9}',
    ],
    ['no exit code', '{"event":"run-ended","at":"2026-11-21T01:00:00Z","exitCode":0.5,"reason":"completed"}'],
    ['a case without a key', '{"event":"planned","at":"2026-11-21T01:00:00Z","cases":[{}]}'],
  ])('counts a line that is %s and reads on', (_, line) => {
    const path = written('a');
    appendFileSync(path, `${line}\n${JSON.stringify(event('b'))}\n`);
    expect(readJournal(path).torn).toBe(1);
    expect(names(path)).toEqual(['a', 'b']);
  });

  it('reads lines that are longer than what is read at once', () => {
    const path = fresh();
    const journal = openJournal(path);
    const long: JournalEvent = {
      event: 'property',
      at: '2026-11-21T01:00:00Z',
      name: 'long',
      value: 'é'.repeat(1_500_000),
    };
    journal.append(long);
    journal.append(event('b'));
    journal.close();
    expect(readJournal(path)).toEqual({ events: [long, event('b')], torn: 0 });
  });

  it('says which file could not be opened, with code and cause', () => {
    const path = fresh();
    openJournal(path).close();
    const error = thrown(() => openJournal(join(path, 'below-a-file.jsonl')));
    expect(error.code).toBe('CHR_REPORT_UNWRITABLE');
    expect(error.message).toContain(path);
    expect(error.cause).toMatchObject({ code: expect.stringMatching(/ENOTDIR|EEXIST/) });
  });

  it('refuses a journal that is there already, and leaves it as it is', () => {
    const path = written('a');
    const { code, message } = thrown(() => openJournal(path));
    expect([code, message]).toEqual(['CHR_REPORT_UNWRITABLE', expect.stringContaining('EEXIST')]);
    expect(names(path)).toEqual(['a']);
  });

  it('goes on after a short write: half a line is left behind, the next event stands on its own', () => {
    const path = fresh();
    // The limit on file size makes the kernel take part of a line and refuse the rest, as a full disk does.
    const script = `
      import { truncateSync } from 'node:fs';
      import { openJournal } from ${JSON.stringify(new URL('./index.ts', import.meta.url).href)};
      const journal = openJournal(${JSON.stringify(path)});
      const event = (name, value) => ({ event: 'property', at: '2026-11-21T01:00:00Z', name, value });
      journal.append(event('a', 'x'.repeat(700)));
      try { journal.append(event('b', 'y'.repeat(700))); process.exit(9); } catch (error) { console.log(error.code, error.cause.code); }
      // Room again, and still half a line.
      truncateSync(${JSON.stringify(path)}, 900);
      journal.append(event('after', 'z'));
    `;
    // --norc: with a socket as standard input bash may take itself for a remote shell, and read what the user starts with.
    const limited = [
      '--norc',
      '-c',
      'ulimit -f 1; exec "$0" --input-type=module -e "$1"',
      process.execPath,
      script,
    ];
    const child = spawnSync('bash', limited, { encoding: 'utf8' });
    expect(child.stdout.trim()).toBe('CHR_REPORT_UNWRITABLE EFBIG');
    expect(child.status, child.stderr).toBe(0);
    expect(readJournal(path).torn).toBe(1);
    expect(names(path)).toEqual(['a', 'after']);
  });
});
