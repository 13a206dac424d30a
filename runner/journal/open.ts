// Appends events to the journal: one JSON line per event, written before append returns, so that a kill of the process
// loses nothing that was appended. No fdatasync: the page cache outlives the process, and a sync would cost 100 times more.
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { CharterError, wordsOf } from '../errors/index.ts';
import type { JournalEvent } from './events.ts';

export interface Journal {
  readonly path: string;
  /** Throws CharterError CHR_REPORT_UNWRITABLE; a later append may succeed and then starts on a fresh line. */
  readonly append: (event: JournalEvent) => void;
  readonly close: () => void;
}

const newline = 0x0a;

/** Each run has a journal of its own: what is there already is refused. */
export function openJournal(path: string): Journal {
  const fd = attempt(path, () => {
    mkdirSync(dirname(path), { recursive: true });
    return openSync(path, 'ax', 0o644);
  });
  let torn = false;
  let open = true;
  const giveRoom = holdRoom(path);

  const append = (event: JournalEvent): void => {
    if (event.event === 'run-ended') giveRoom();
    const line = Buffer.from(`${torn ? '\n' : ''}${JSON.stringify(event)}\n`);
    let written = 0;
    attempt(path, () => {
      try {
        // A nearly full disk takes part of a line before it refuses the rest.
        while (written < line.length) written += writeSync(fd, line, written);
      } finally {
        if (written > 0) torn = line[written - 1] !== newline;
      }
    });
  };
  const close = (): void => {
    giveRoom();
    if (open) closeSync(fd);
    open = false;
  };
  return { path, append, close };
}

/** More than how a run ended takes, and a block of most disks. */
const roomBytes = 4_096;

/**
 * Holds room for the last line, which must say how the run ended also where the disk was full before. The file has no name, so a killed
 * process leaves nothing behind. Returns what gives the room back; does without where the disk is full already.
 */
function holdRoom(path: string): () => void {
  const name = `${path}.room`;
  let held: number | undefined;
  const giveBack = () => {
    if (held !== undefined) closeSync(held);
    held = undefined;
  };
  try {
    held = openSync(name, 'w', 0o600);
    rmSync(name);
    writeSync(held, Buffer.alloc(roomBytes));
  } catch {
    giveBack();
    rmSync(name, { force: true });
  }
  return giveBack;
}

function attempt<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (cause) {
    const why = wordsOf(cause);
    throw new CharterError('CHR_REPORT_UNWRITABLE', `The journal ${path} could not be written: ${why}`, {
      cause,
    });
  }
}
