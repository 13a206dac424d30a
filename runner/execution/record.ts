// The only writer of a run: redacts an event, appends it to the journal, folds it, and shows it to the sinks.
import {
  applyEvent,
  initialState,
  type Journal,
  type JournalEvent,
  type RunState,
} from '../journal/index.ts';

/** Something that follows a run: report, terminal, store. It must not throw for what it can tell at the end. */
export interface RunSink {
  readonly onEvent: (event: JournalEvent, state: RunState) => void;
  /** Called once after the last event; rejects when what it had to write is not written. */
  readonly finish: (state: RunState) => void | Promise<void>;
}

export interface RecordEdges {
  readonly journal: Journal;
  /** The report. */
  readonly sinks: readonly RunSink[];
  /** What also keeps the run, and must know before its own end whether the report is written: the store. */
  readonly followers: readonly RunSink[];
  /** Replaces every known secret in the event; keys, ids and verdicts stay as they are. */
  readonly redact: (event: JournalEvent) => JournalEvent;
}

export type NewEvent = JournalEvent extends infer E
  ? E extends JournalEvent
    ? Omit<E, 'at'>
    : never
  : never;

/** What a run could not write, in the order it was met. */
export interface Unwritten {
  /** Report or journal is not whole. */
  readonly report: readonly Error[];
  /** Who follows it does not have it; report and journal do. */
  readonly followers: readonly Error[];
}

export interface Recorder {
  readonly state: RunState;
  readonly record: (event: NewEvent) => void;
  /**
   * Ends all sinks, then writes to the journal how the run ended: `ended`, or `unwritten` where the report or the journal is not whole. The
   * report comes first, because a disk may have no room left to take a green end back.
   */
  readonly finish: (ended: NewEvent, unwritten: NewEvent) => Promise<Unwritten>;
}

export function recorder({ journal, sinks, followers, redact }: RecordEdges): Recorder {
  const state = initialState();
  const unwritten: Error[] = [];
  const notFollowed: Error[] = [];
  let listeners = [...sinks, ...followers];
  const note = (error: unknown, into = unwritten) =>
    into.push(error instanceof Error ? error : new Error(String(error)));
  const attempt = (act: () => void) => {
    try {
      act();
    } catch (error) {
      note(error);
    }
  };
  const stamped = (event: NewEvent) => redact({ ...event, at: new Date().toISOString() } as JournalEvent);
  const keep = (event: JournalEvent) => attempt(() => journal.append(event));
  const show = (event: JournalEvent) => {
    applyEvent(state, event);
    for (const sink of listeners) attempt(() => sink.onEvent(event, state));
  };
  const record = (event: NewEvent) => {
    const whole = stamped(event);
    keep(whole);
    show(whole);
  };
  const finishAll = async (ending: readonly RunSink[], missed: Error[]) => {
    for (const sink of ending) {
      try {
        await sink.finish(state);
      } catch (error) {
        note(error, missed);
      }
    }
  };
  return {
    state,
    record,
    finish: async (ended, otherwise) => {
      const whole = stamped(ended);
      show(whole);
      await finishAll(sinks, unwritten);
      listeners = [...followers];
      if (unwritten.length === 0) keep(whole);
      if (unwritten.length > 0) record(otherwise);
      await finishAll(followers, notFollowed);
      attempt(() => journal.close());
      return { report: unwritten, followers: notFollowed };
    },
  };
}
