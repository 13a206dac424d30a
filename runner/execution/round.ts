// One round: a worker that runs a set of cases. Whatever dies in it, the round ends and says how.
import type { ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import { type Channel, channelOver } from './channel.ts';
import { lastWords } from './last-words.ts';
import {
  type Assignment,
  type Collected,
  isWorkerMessage,
  type SupervisorMessage,
  type WorkerMessage,
} from './protocol.ts';
import { type WarmWorker, warmWorker } from './warm-worker.ts';
import { type Watchdog, watchdog } from './watchdog.ts';

export interface RoundPlan {
  readonly assignment: Assignment;
  /** Called once with what the files declare; answers with the attempt number of each case to run. */
  readonly choose: (collected: Collected) => Readonly<Record<string, number>>;
  /** Epoch milliseconds until which cases may start; undefined where nothing limits it. */
  readonly allowedUntil?: () => number | undefined;
  /** Milliseconds a case may overrun its own time before the worker is taken to hang. */
  readonly graceMs: number;
  readonly onMessage: (message: WorkerMessage) => void;
  readonly onOutput: (text: string) => void;
}

export interface RoundEnd {
  readonly how: 'done' | 'died';
  /** What was seen of a death, e.g. `out of memory`, `killed: hangs in C-10/10.1`. */
  readonly detail: string;
  readonly kind: 'crash' | 'out-of-memory' | 'hang';
  /** Keys of the cases that ran when the worker died. */
  readonly running: readonly string[];
  /** The file that was being imported when the worker died. */
  readonly importing?: string;
  /** The file whose cases and hooks ran when the worker died. */
  readonly file?: string;
  /** Whether the worker told its plan. */
  readonly collected: boolean;
}

export interface Round {
  readonly end: Promise<RoundEnd>;
  /** Takes no further case; running ones may end. */
  readonly stop: () => void;
  /** Cases may start until then, epoch milliseconds. */
  readonly allow: (until: number) => void;
  readonly kill: () => void;
}

/** A worker that said its last word has a moment to close. */
const closing = { name: 'the end of the worker', ms: 3_000 };
/** A loaded machine needs ten seconds. */
const hello = { name: 'the start of the worker', ms: 15_000 };

export function startRound(plan: RoundPlan, worker: WarmWorker = warmWorker()): Round {
  const { child, socket } = worker;
  const state = new RoundState(plan);
  const kill = () => void child.kill('SIGKILL');
  state.onStuck = kill;
  const errors = tail(child, plan.onOutput);
  converse(socket, plan, state);
  const end = ended(worker).then((exit) => {
    worker.discard();
    return state.summary(exit, errors());
  });
  return {
    end,
    stop: () => state.channel?.send({ type: 'stop' }),
    allow: (until) => state.channel?.send({ type: 'allowed', until }),
    kill,
  };
}

/** What the messages of the worker tell about where it stands. */
class RoundState {
  readonly running = new Set<string>();
  readonly #watch: Watchdog;
  #timeouts = new Map<string, number>();
  readonly #plan: RoundPlan;
  importing: string | undefined;
  file: string | undefined;
  collected = false;
  done = false;
  stuck = '';
  channel: Channel<SupervisorMessage, WorkerMessage> | undefined;
  onStuck: () => void = () => {};

  constructor(plan: RoundPlan) {
    this.#plan = plan;
    this.#watch = watchdog((name, ms) => {
      if (name !== closing.name)
        this.stuck = `hangs: ${name} did not end within ${ms} ms, and its process does not answer`;
      this.onStuck();
    });
    this.#watch.start(hello.name, hello.ms);
  }

  /** The worker will say nothing more, or cannot. */
  close(): void {
    this.#watch.start(closing.name, closing.ms);
  }

  take(message: WorkerMessage): void {
    const { assignment, graceMs } = this.#plan;
    if (message.type === 'hello') {
      this.#watch.end(hello.name);
    } else if (message.type === 'importing') {
      this.importing = message.file;
      this.#watch.start(message.file, assignment.importMs + graceMs);
    } else if (
      message.type === 'imported' ||
      (message.type === 'file-failed' && message.file === this.importing)
    ) {
      this.#watch.end(message.file);
      this.importing = undefined;
    } else if (message.type === 'collected') {
      this.collected = true;
      this.#timeouts = new Map(message.cases.map(({ key, timeoutMs }) => [key, timeoutMs]));
    } else if (message.type === 'case-started') {
      this.running.add(message.key);
      this.#watch.start(message.key, (this.#timeouts.get(message.key) ?? 0) + graceMs);
    } else if (message.type === 'case-ended') {
      this.running.delete(message.key);
      this.#watch.end(message.key);
    } else if (message.type === 'file-started') {
      this.file = message.file;
    } else if (message.type === 'file-ended') {
      this.#watch.end(hooksOf(message.file));
      this.file = undefined;
    } else if (message.type === 'done') {
      this.done = true;
      this.close();
    }
    this.#watchHooks();
  }

  /** Between cases no one knows how many hooks there are, each with a time of its own: it is silence that tells of a process that hangs. */
  #watchHooks(): void {
    const { assignment, graceMs } = this.#plan;
    if (this.file === undefined) return;
    if (this.running.size > 0) this.#watch.end(hooksOf(this.file));
    else this.#watch.start(hooksOf(this.file), assignment.hookMs + graceMs);
  }

  summary(exit: string, errors: string): RoundEnd {
    this.#watch.close();
    const outOfMemory = /heap out of memory|Allocation failed/i.test(errors);
    const kind = this.stuck !== '' ? 'hang' : outOfMemory ? 'out-of-memory' : 'crash';
    const words = lastWords(errors);
    const told = this.collected || words === '' ? '' : `: ${words}`;
    const detail =
      this.stuck !== '' ? this.stuck : outOfMemory ? 'the worker ran out of memory' : `${exit}${told}`;
    return {
      how: this.done ? 'done' : 'died',
      detail,
      kind,
      running: [...this.running],
      ...(this.importing === undefined ? {} : { importing: this.importing }),
      ...(this.file === undefined ? {} : { file: this.file }),
      collected: this.collected,
    };
  }
}

function hooksOf(file: string): string {
  return `a hook of ${file}`;
}

function converse(socket: Socket, plan: RoundPlan, state: RoundState): void {
  const channel = channelOver<SupervisorMessage, WorkerMessage>(socket, isWorkerMessage);
  state.channel = channel;
  channel.onMessage((message) => {
    state.take(message);
    plan.onMessage(message);
    if (message.type === 'hello') channel.send(plan.assignment);
    if (message.type === 'collected') {
      const until = plan.allowedUntil?.();
      if (until !== undefined) channel.send({ type: 'allowed', until });
      channel.send({ type: 'start', attempts: plan.choose(message) });
    }
  });
  channel.onClose(() => state.close());
}

/** Milliseconds in which what a dead worker printed is read: what it has started may hold its output for as long as it lives. */
const lastWordsMs = 1_000;
const longestReadMs = 30_000;

/** Settles when the process is gone, with what is to be said about it. */
function ended({ child, socket, failure }: WarmWorker): Promise<string> {
  return new Promise((resolve) => {
    const fail = (error: Error) => resolve(`the worker could not be started: ${error.message}`);
    const close = (code: number | null, signal: string | null) =>
      resolve(`the worker died (${signal ?? `exit code ${code}`})`);
    const gone = (code: number | null, signal: NodeJS.Signals | null) => {
      const after = (ms: number) => setTimeout(() => close(code, signal), ms).unref();
      // All that it told is read first, also by a supervisor that is busy; a campaign would have to give the channel away to hold it.
      if (socket.destroyed) after(lastWordsMs);
      else {
        after(longestReadMs);
        socket.once('close', () => after(lastWordsMs));
      }
    };
    const failed = failure();
    if (failed !== undefined) fail(failed);
    child.once('error', fail);
    child.once('close', close);
    if (child.exitCode !== null || child.signalCode !== null) gone(child.exitCode, child.signalCode);
    else child.once('exit', gone);
  });
}

/** Passes on what the process prints by itself (node's and V8's own words), and keeps its end as evidence. */
function tail(child: ChildProcess, onOutput: (text: string) => void): () => string {
  let kept = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      kept = (kept + text).slice(-4_000);
      onOutput(text);
    });
  }
  return () => kept;
}
