// Follows a run and writes it to the store as it goes on: at most a second late, never in the run's way. Guarantee: the verdict does not
// depend on the database, the end of the run waits for it no longer than `finishMs`, and a run whose rows are not all there has no end there.
import { CharterError } from '../../errors/index.ts';
import {
  applyEvent,
  initialState,
  type JournalEvent,
  type RunState,
  readJournal,
} from '../../journal/index.ts';
import type { Store } from '../open.ts';
import { codeOf, isRowRefused, storeError } from '../store-error.ts';
import { Backlog } from './backlog.ts';
import { endOf } from './end.ts';
import { isMerged, mergedIdentity } from './identity.ts';
import { writeBatch, writeEnd } from './statements.ts';

export interface WriterClock {
  /** Milliseconds that only ever grow. */
  readonly now: () => number;
  /** Calls back once; returns what takes the call back. Only a call that is `awaited` keeps the process alive. */
  readonly after: (milliseconds: number, act: () => void, why: 'awaited' | 'in passing') => () => void;
}

export interface WriterOptions {
  /** Called once; what it throws is told like a database that is away. */
  readonly open: () => Promise<Store>;
  /** `required`: what could not be written makes `finish` reject with CHR_STORE (exit code 5). */
  readonly need: 'required' | 'optional';
  readonly finishMs: number;
  readonly beatMs: number;
  /** Of the journal, for the command that sends it later. */
  readonly journal: string;
  readonly tell: (text: string) => void;
  readonly clock?: WriterClock;
}

/** As execution's RunSink. */
export interface RunWriter {
  readonly onEvent: (event: JournalEvent, state: RunState) => void;
  readonly finish: (state: RunState) => Promise<void>;
}

const gatherMs = 500;
const closeMs = 1_000;
const batchSize = 2_000;
const firstPauseMs = 1_000;
const longestPauseMs = 10_000;
/** Beats that may be missing before the run counts as aborted. */
const missedBeats = 12;

const systemClock: WriterClock = {
  now: () => performance.now(),
  after: (milliseconds, act, why) => {
    const timer = setTimeout(act, milliseconds);
    if (why === 'in passing') timer.unref();
    return () => clearTimeout(timer);
  },
};

export function runWriter(options: WriterOptions): RunWriter {
  const writer = new Writer(options);
  return { onEvent: (event, state) => writer.take(event, state), finish: (state) => writer.finish(state) };
}

/** A whole journal at once, with the same promises. */
export async function pushInTime(options: WriterOptions): Promise<void> {
  const writer = new Writer(options);
  const { events } = readJournal(options.journal);
  await writer.finish(writer.takeAll(events));
}

class Writer {
  readonly #options: WriterOptions;
  readonly #clock: WriterClock;
  #backlog = new Backlog();
  #store: Promise<Store> | undefined;
  #state: RunState | undefined;
  #writing: Promise<void> | undefined;
  #cancel: (() => void) | undefined;
  /** When the call that waits is due. */
  #due = 0;
  /** By a clock that nobody corrects. */
  #startedAt: number | undefined;
  #beats = 0;
  #beatDue = 0;
  #pauseMs = firstPauseMs;
  #problem: CharterError | undefined;
  #finishing = false;

  constructor(options: WriterOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  take(event: JournalEvent, state: RunState): void {
    this.#state = state;
    this.#backlog.take(event, state);
    // The row of the run is there from its start; what follows is gathered.
    if (event.event === 'run-started') {
      this.#startedAt = this.#clock.now();
      this.#schedule(0);
    } else if (this.#problem === undefined) this.#schedule(gatherMs);
  }

  /** Without writing yet. */
  takeAll(events: readonly JournalEvent[]): RunState {
    this.#finishing = true;
    this.#backlog = new Backlog(isMerged(events) ? mergedIdentity(events) : undefined);
    const state = initialState();
    for (const event of events) this.#backlog.take(event, applyEvent(state, event));
    return state;
  }

  async finish(state: RunState): Promise<void> {
    this.#finishing = true;
    this.#cancel?.();
    const { finishMs, need, tell, journal } = this.#options;
    const until = this.#clock.now() + finishMs;
    const outcome = await this.#withinLimit(this.#writeAll(state, until), finishMs);
    const opened = await this.#withinLimit(this.#opened(), 0);
    const store = opened.what === 'done' ? opened.value : undefined;
    const closed =
      outcome.what === 'done' && store !== undefined && (await this.#withinLimit(store.close(), closeMs));
    if (closed !== false && closed.what === 'done') return;
    store?.abandon();
    if (outcome.what === 'done') return;
    const name = store?.name ?? 'of this run';
    const why =
      outcome.what === 'failed' ? storeError(name, outcome.error) : (this.#problem ?? slow(name, finishMs));
    const hint = `The journal holds the run: \`charter store push ${journal}\` sends it later.`;
    if (need === 'required') throw new CharterError('CHR_STORE', why.message, { hint, cause: why });
    tell(`${why.message}\n  ${hint}`);
  }

  async #writeAll(state: RunState, until: number): Promise<void> {
    await this.#writing;
    for (;;) {
      try {
        await this.#writeRest(state);
        const end = endOf(state);
        const { runId } = this.#backlog;
        if (end !== undefined && runId !== undefined) await writeEnd(await this.#opened(), runId, end);
        return;
      } catch (error) {
        // A connection that was cut is worth another try, as long as there is time.
        const pause = Math.min(this.#pauseMs, 500);
        if (isRefusal(error) || this.#clock.now() + pause >= until) throw error;
        await new Promise<void>((resolve) => this.#clock.after(pause, resolve, 'awaited'));
      }
    }
  }

  async #writeRest(state: RunState): Promise<void> {
    while (!this.#backlog.isEmpty) await this.#writeOne(state);
  }

  async #writeOne(state: RunState): Promise<void> {
    const { runId } = this.#backlog;
    if (runId === undefined) return;
    const store = await this.#opened();
    const batch = this.#backlog.next(state, batchSize);
    const { beatMs } = this.#options;
    const beat = { n: this.#beats++, staleMs: beatMs * missedBeats };
    const ageMs = this.#startedAt === undefined ? undefined : this.#clock.now() - this.#startedAt;
    await writeBatch(store, runId, batch, { beat, ageMs });
    this.#backlog.written(batch, state);
    this.#beatDue = this.#clock.now() + beatMs;
  }

  #opened(): Promise<Store> {
    this.#store ??= this.#options.open();
    return this.#store;
  }

  /** A call that waits gives way to a sooner one: a case that ends does not wait for the next sign of life. */
  #schedule(milliseconds: number): void {
    if (this.#finishing || this.#writing !== undefined) return;
    const due = this.#clock.now() + milliseconds;
    if (this.#cancel !== undefined && this.#due <= due) return;
    this.#cancel?.();
    this.#due = due;
    this.#cancel = this.#clock.after(
      milliseconds,
      () => {
        this.#cancel = undefined;
        this.#writing = this.#flush().finally(() => {
          this.#writing = undefined;
          this.#plan();
        });
      },
      'in passing',
    );
  }

  /** One batch, or a sign of life where nothing happened. Never rejects. */
  async #flush(): Promise<void> {
    if (this.#state === undefined) return;
    try {
      await this.#writeOne(this.#state);
      this.#problem = undefined;
      this.#pauseMs = firstPauseMs;
    } catch (error) {
      const store = await this.#opened().catch(() => undefined);
      this.#problem = storeError(store?.name ?? 'of this run', error);
    }
  }

  #plan(): void {
    if (this.#problem !== undefined) {
      this.#schedule(this.#pauseMs);
      this.#pauseMs = Math.min(this.#pauseMs * 2, longestPauseMs);
    } else if (!this.#backlog.isEmpty) this.#schedule(this.#backlog.cases >= batchSize ? 0 : gatherMs);
    else this.#schedule(Math.max(gatherMs, this.#beatDue - this.#clock.now()));
  }

  async #withinLimit<T>(work: Promise<T>, milliseconds: number): Promise<Outcome<T>> {
    let cancel: (() => void) | undefined;
    const limit = new Promise<Outcome<T>>((resolve) => {
      cancel = this.#clock.after(milliseconds, () => resolve({ what: 'late' }), 'awaited');
    });
    const done = work.then(
      (value): Outcome<T> => ({ what: 'done', value }),
      (error: unknown): Outcome<T> => ({ what: 'failed', error }),
    );
    const outcome = await Promise.race([done, limit]);
    cancel?.();
    return outcome;
  }
}

type Outcome<T> =
  | { readonly what: 'done'; readonly value: T }
  | { readonly what: 'failed'; readonly error: unknown }
  | { readonly what: 'late' };

/** The database has understood and said no: asking again changes nothing. */
function isRefusal(error: unknown): boolean {
  return isRowRefused(error) || /^(?:42|28|3D|3F)[0-9A-Z]{3}$/.test(codeOf(error) ?? '');
}

function slow(name: string, finishMs: number): CharterError {
  return new CharterError(
    'CHR_STORE',
    `The store ${name} did not take the run within ${finishMs} ms after its end.`,
  );
}
