// What supervisor and worker say to each other: JSON lines over a socket that only the two have, in order, none lost with a dying worker.
import type { DeclaredCase, Retry } from '../campaign/index.ts';
import type { Config, ConfigWire } from '../config/index.ts';
import type { Failure, Outcome, PlannedCase } from '../journal/index.ts';

/** The worker's end of the socket. */
export const channelFd = 3;

/** A case as the worker found it: the plan's line, and what selection needs to know of it. */
export interface CollectedCase extends PlannedCase {
  readonly order: DeclaredCase['order'];
  readonly retry: Retry;
  readonly timeoutMs: number;
  /** Names of all personas the case concerns, for `--persona`. */
  readonly personas: readonly string[];
}

/** Key of the nth of several cases that would have the same. */
export function nthKey(key: string, n: number): string {
  return n === 1 ? key : `${key}#${n}`;
}

export function planLine({
  order: _order,
  retry: _retry,
  timeoutMs: _timeoutMs,
  personas: _personas,
  ...line
}: CollectedCase): PlannedCase {
  return line;
}

/** What a worker found in its files. */
export interface Collected {
  readonly cases: readonly CollectedCase[];
  /** Files that it did not import, because it holds as many cases as it may. */
  readonly left: readonly string[];
}

export type WorkerMessage =
  | { readonly type: 'hello' }
  | { readonly type: 'importing'; readonly file: string }
  | { readonly type: 'imported'; readonly file: string }
  /** The cases of the file and the hooks around them run. */
  | { readonly type: 'file-started'; readonly file: string }
  | { readonly type: 'file-ended'; readonly file: string }
  /** Nothing blocks the process. */
  | { readonly type: 'alive' }
  /** The file itself is unsound: it throws when imported, a hook of it failed, or it leaves state behind. */
  | { readonly type: 'file-failed'; readonly file: string; readonly failure: Failure }
  | ({ readonly type: 'collected' } & Collected)
  | { readonly type: 'case-started'; readonly key: string; readonly attempt: number }
  | {
      readonly type: 'case-ended';
      readonly key: string;
      readonly attempt: number;
      readonly durationMs: number;
      readonly outcome: Outcome;
      readonly warnings: readonly string[];
    }
  | { readonly type: 'property'; readonly name: string; readonly value: string }
  | { readonly type: 'secret'; readonly text: string }
  /** `from` is the key of the case that printed it, where that is known. */
  | { readonly type: 'output'; readonly text: string; readonly from?: string | undefined }
  | { readonly type: 'done' };

export interface Assignment {
  readonly type: 'assignment';
  readonly runId: string;
  readonly config: ConfigWire;
  /** Campaign files to import, absolute, in order. */
  readonly files: readonly string[];
  /** Cases after which it imports no further file. */
  readonly most: number;
  /** Keys of cases in files before these, or that cannot be imported any more: who would have the same gets a number. */
  readonly taken: readonly string[];
  /** Folder the names of files are relative to. */
  readonly folder: string;
  /** Milliseconds a file may take to be imported. */
  readonly importMs: number;
  /** Milliseconds a hook may take. */
  readonly hookMs: number;
  /** Cases at once. */
  readonly concurrency: number;
}

const longestImportMs = 30_000;

/** What is a portion of the files: all that they declare, as long as that is not more than one worker should hold. */
export type Portion = Pick<Assignment, 'files' | 'most' | 'taken'>;

export function assignmentOf(
  config: Config,
  what: Pick<Assignment, 'runId' | 'folder' | 'concurrency'> & Portion,
): Assignment {
  const { caseMs } = config.data.budgets;
  const importMs = Math.min(longestImportMs, caseMs);
  return { type: 'assignment', config: config.toWire(), importMs, hookMs: caseMs, ...what };
}

export type SupervisorMessage =
  | Assignment
  /** The attempt number of each case to run; all others stay untouched. */
  | { readonly type: 'start'; readonly attempts: Readonly<Record<string, number>> }
  /** Cases may start until then (epoch milliseconds); told before `start` and again, where a lock may be lost. */
  | { readonly type: 'allowed'; readonly until: number }
  | { readonly type: 'stop' };

type FieldType = 'string' | 'number' | 'object' | 'array';
const shapes: Readonly<Record<WorkerMessage['type'], Readonly<Record<string, FieldType>>>> = {
  hello: {},
  importing: { file: 'string' },
  imported: { file: 'string' },
  'file-started': { file: 'string' },
  'file-ended': { file: 'string' },
  alive: {},
  'file-failed': { file: 'string', failure: 'object' },
  collected: { cases: 'array', left: 'array' },
  'case-started': { key: 'string', attempt: 'number' },
  'case-ended': {
    key: 'string',
    attempt: 'number',
    durationMs: 'number',
    outcome: 'object',
    warnings: 'array',
  },
  property: { name: 'string', value: 'string' },
  secret: { text: 'string' },
  output: { text: 'string' },
  done: {},
};

const fieldsOf: ReadonlyMap<unknown, readonly (readonly [string, FieldType])[]> = new Map(
  Object.entries(shapes).map(([type, fields]) => [type, Object.entries(fields)]),
);

/** A campaign shares the worker's process and may write where only the worker should. */
export function isWorkerMessage(message: unknown): message is WorkerMessage {
  const told = Object(message) as Record<string, unknown>;
  return fieldsOf.get(told.type)?.every(([name, type]) => typeOf(told[name]) === type) === true;
}

function typeOf(value: unknown): string {
  return Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
}
