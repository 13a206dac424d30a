// Reads a journal back, whatever killed its writer: half lines and garbage are counted and skipped, never trusted.
import { closeSync, openSync, readSync } from 'node:fs';
import { CharterError } from '../errors/index.ts';
import { asEvent } from './as-event.ts';
import type { JournalEvent } from './events.ts';

export interface ReadJournal {
  readonly events: readonly JournalEvent[];
  /** Lines that are no event: cut by a kill or a full disk, or not written by this program. */
  readonly torn: number;
}

export function readJournal(path: string): ReadJournal {
  const events: JournalEvent[] = [];
  let torn = 0;
  for (const line of linesOf(path)) {
    if (line.length === 0) continue;
    const event = asEvent(parse(line));
    if (event === undefined) torn += 1;
    else events.push(event);
  }
  return { events, torn };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** By chunks, because a journal of 100,000 cases with bodies may be longer than the longest string. */
function* linesOf(path: string): Generator<string> {
  const fd = open(path);
  try {
    const chunk = Buffer.alloc(1 << 20);
    let rest: Buffer[] = [];
    for (let size = readSync(fd, chunk); size > 0; size = readSync(fd, chunk)) {
      let from = 0;
      for (let at = chunk.indexOf(0x0a, 0); at !== -1 && at < size; at = chunk.indexOf(0x0a, from)) {
        yield Buffer.concat([...rest, chunk.subarray(from, at)]).toString();
        rest = [];
        from = at + 1;
      }
      if (from < size) rest.push(Buffer.from(chunk.subarray(from, size)));
    }
    yield Buffer.concat(rest).toString();
  } finally {
    closeSync(fd);
  }
}

function open(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (cause) {
    throw new CharterError('CHR_USAGE', `The journal ${path} cannot be read.`, {
      hint: 'A run writes it beside its report as charter-<host>-<time>.jsonl.',
      cause,
    });
  }
}
