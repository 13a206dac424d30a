// The process of the worker. It is vitest's own worker; what vitest's main process would do for it is a few answers, given here, so that
// nobody waits for vite to load.
import { init, runBaseTests, setupEnvironment } from 'vitest/worker';
import '../../campaign/index.ts';
import { ownEnd } from './link.ts';
import { resolveFromHere } from './resolve.ts';
import { environment, filesToRun, vitestConfig } from './vitest-config.ts';

// Campaigns may put other things in their place.
const soon = queueMicrotask;
const exit = process.exit.bind(process);
const stderr = process.stderr;

type Listener = (message: unknown) => void;
const listeners = new Set<Listener>();

/** What vitest's worker says: that it has started, that it has run its files, and calls (birpc) for its main process. */
interface Said {
  readonly type?: 'started' | 'testfileFinished';
  readonly error?: unknown;
  readonly t?: 'q';
  readonly i?: string;
  readonly m?: string;
  readonly a?: readonly unknown[];
}

interface CollectedFile {
  readonly result?: { readonly errors?: readonly unknown[] };
}

let collected: readonly CollectedFile[] = [];

function answer({ type, error, t, i, m, a = [] }: Said): void {
  if (type === 'started' && error === undefined) command({ type: 'run', context: filesToRun });
  else if (type !== undefined) end(error);
  else if (t === 'q') {
    if (m === 'onCollected') collected = a[0] as readonly CollectedFile[];
    else if (m === 'onUnhandledError') tell(a[0]);
    if (i !== undefined) soon(() => hear({ t: 's', i, r: resultOf(m, a) }));
  }
}

/** Of the calls that want more than to be heard. An artifact is an annotation of a test, which vitest would store. */
function resultOf(method: string | undefined, [first, second]: readonly unknown[]): unknown {
  if (method === 'resolveSnapshotPath') return `${first}.snap`;
  return method === 'onTaskArtifactRecord' ? second : undefined;
}

function command(message: object): void {
  hear({ __vitest_worker_request__: true, ...message });
}

function hear(message: object): void {
  for (const listener of listeners) listener(message);
}

/** Errors of the driver itself; those of cases went to the supervisor long before. */
function end(error: unknown): void {
  const errors = [error, ...collected.flatMap(({ result }) => result?.errors ?? [])].filter(
    (one) => one !== undefined,
  );
  for (const one of errors) tell(one);
  exit(errors.length === 0 ? 0 : 1);
}

function tell(error: unknown): void {
  const { stack, message } = Object(error) as { stack?: string; message?: string };
  stderr.write(`${stack ?? message ?? String(error)}\n`);
}

ownEnd();
resolveFromHere();
// By it vitest knows a child process, in which it refuses to fake process.nextTick: sockets need it, also the one to the supervisor.
process.send ??= (...words: unknown[]) => {
  const done = words.at(-1);
  if (typeof done === 'function') soon(() => done(null));
  return false;
};
// Ctrl-C goes to the whole group: the supervisor decides what becomes of running cases.
process.on('SIGINT', () => {});
init({
  post: (message) => answer(message as Said),
  on: (listener) => listeners.add(listener),
  off: (listener) => listeners.delete(listener),
  runTests: (state, traces) => runBaseTests('run', state, traces),
  collectTests: (state, traces) => runBaseTests('collect', state, traces),
  // Its own runner of modules, named here, would have every import of a campaign told to vite.
  setup: (context) => {
    const experimental = { ...context.config.experimental, viteModuleRunner: true };
    return setupEnvironment({ ...context, config: { ...context.config, experimental } });
  },
});
command({
  type: 'start',
  ...{ poolId: 1, workerId: 1, options: { reportMemory: false }, traces: { enabled: false } },
  context: { environment, config: vitestConfig, pool: vitestConfig.pool },
});
