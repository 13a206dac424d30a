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
  readonly sinks: readonly RunSink[];
  /** Replaces every known secret in the event; keys, ids and verdicts stay as they are. */
  readonly redact: (event: JournalEvent) => JournalEvent;
}

export type NewEvent = JournalEvent extends infer E
  ? E extends JournalEvent
    ? Omit<E, 'at'>
    : never
  : never;

export interface Recorder {
  readonly state: RunState;
  readonly record: (event: NewEvent) => void;
  /** Ends all sinks; returns what could not be written. */
  readonly finish: () => Promise<Error[]>;
}

export function recorder({ journal, sinks, redact }: RecordEdges): Recorder {
  const state = initialState();
  const unwritten: Error[] = [];
  const attempt = (act: () => void) => {
    try {
      act();
    } catch (error) {
      unwritten.push(error instanceof Error ? error : new Error(String(error)));
    }
  };
  return {
    state,
    record: (event) => {
      const whole = redact({ ...event, at: new Date().toISOString() } as JournalEvent);
      attempt(() => journal.append(whole));
      applyEvent(state, whole);
      for (const sink of sinks) attempt(() => sink.onEvent(whole, state));
    },
    finish: async () => {
      for (const sink of sinks) {
        try {
          await sink.finish(state);
        } catch (error) {
          unwritten.push(error instanceof Error ? error : new Error(String(error)));
        }
      }
      attempt(() => journal.close());
      return unwritten;
    },
  };
}
