// Reads the plan off vitest's collected tree: declared cases by their meta, plain vitest tests by their place.
import { basename, dirname, relative } from 'node:path';
import type { RunnerTask, RunnerTestSuite } from 'vitest';
import { personasOf } from '../../campaign/index.ts';
import type { Config } from '../../config/index.ts';
import { Redactor } from '../../redaction/index.ts';
import { type Assignment, type CollectedCase, nthKey } from '../protocol.ts';
import { type Test, testsIn } from './tree.ts';

type SuiteLike = Pick<RunnerTestSuite, 'tasks' | 'name'>;

export interface PlannedTask {
  readonly task: Test;
  readonly collected: CollectedCase;
}

const keys = new WeakMap<RunnerTask, string>();

/** The key of a task of the plan. */
export function keyOf(task: RunnerTask): string | undefined {
  return keys.get(task);
}

export function planOf(root: SuiteLike, assignment: Assignment, config: Config): Map<string, PlannedTask> {
  const planned = new Map<string, PlannedTask>();
  const keysLeft = new Keys(assignment.taken);
  // Here, because the title of a plain test is its key, by which all that follows knows it.
  const redactor = new Redactor(config.allSecrets());
  for (const fileSuite of root.tasks) {
    if (fileSuite.type !== 'suite') continue;
    for (const { task, path } of testsIn(fileSuite)) {
      const file = relative(assignment.folder, fileSuite.name);
      const collected = keysLeft.take(collect(task, path, file, { config, redactor }));
      keys.set(task, collected.key);
      planned.set(collected.key, { task, collected });
    }
  }
  return planned;
}

/** Makes the key of a case one that nobody has, and takes it. */
class Keys {
  readonly #taken: Set<string>;
  /** Where to look first for the number of the next one. */
  readonly #next = new Map<string, number>();

  constructor(taken: readonly string[]) {
    this.#taken = new Set(taken);
  }

  take(one: CollectedCase): CollectedCase {
    let n = this.#next.get(one.key) ?? 1;
    while (this.#taken.has(nthKey(one.key, n))) n++;
    this.#next.set(one.key, n + 1);
    const key = nthKey(one.key, n);
    this.#taken.add(key);
    return n === 1 ? one : { ...one, key, title: `${one.title} (${n})`.trim() };
  }
}

interface Known {
  readonly config: Config;
  readonly redactor: Redactor;
}

function collect(task: Test, path: readonly string[], file: string, known: Known): CollectedCase {
  const declared = task.meta.charter;
  if (declared === undefined) return collectPlain(task, path, file, known);
  const { key, campaign, id, title, persona, line, tags, targets, order, retry, timeoutMs } = declared;
  return {
    title: known.redactor.redact(title),
    ...{ key, campaign, id, file, tags, targets, order, retry, timeoutMs },
    ...(persona === undefined ? {} : { persona }),
    ...(line === undefined ? {} : { line }),
    personas: [...new Set(personasOf(declared, known.config).map(({ name }) => name))],
  };
}

function collectPlain(
  task: Test,
  path: readonly string[],
  file: string,
  { config, redactor }: Known,
): CollectedCase {
  const campaign =
    dirname(file) === '.' ? basename(file).replace(/\.campaign\.[mc]?[jt]s$/, '') : basename(dirname(file));
  const title = redactor.redact([...path, task.name].join(' > '));
  const order = task.concurrent === true ? 'concurrent' : 'sequential';
  const timeoutMs = config.data.budgets.caseMs;
  return {
    key: `${campaign}/${title}`,
    campaign,
    id: title,
    title: '',
    file,
    tags: [],
    targets: [],
    order,
    retry: 'as configured',
    timeoutMs,
    personas: [],
  };
}
