// Proves that a campaign file leaves no state behind for the next one: files share a process, so what one changes all would see.
import { afterAll, beforeAll } from 'vitest';
import type { WorkerLink } from './link.ts';

export interface Snapshot {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly globals: ReadonlySet<string>;
  readonly prototypes: readonly number[];
}

const watchedPrototypes = [
  Object.prototype,
  Array.prototype,
  String.prototype,
  Promise.prototype,
  Map.prototype,
];

export function snapshot(): Snapshot {
  return {
    env: { ...process.env },
    cwd: process.cwd(),
    globals: new Set(Object.getOwnPropertyNames(globalThis)),
    prototypes: watchedPrototypes.map((prototype) => Reflect.ownKeys(prototype).length),
  };
}

/** Pure: what differs, one phrase each. */
export function differences(before: Snapshot, after: Snapshot): string[] {
  const found: string[] = [];
  for (const name of new Set([...Object.keys(before.env), ...Object.keys(after.env)])) {
    if (before.env[name] !== after.env[name]) found.push(`environment variable ${name} changed`);
  }
  if (before.cwd !== after.cwd) found.push('the working directory changed');
  for (const name of after.globals) if (!before.globals.has(name)) found.push(`global ${name} appeared`);
  for (const name of before.globals) if (!after.globals.has(name)) found.push(`global ${name} vanished`);
  if (before.prototypes.some((count, index) => count !== after.prototypes[index]))
    found.push('a built-in prototype changed');
  return found;
}

function restore(before: Snapshot): void {
  for (const name of Object.keys(process.env)) if (!(name in before.env)) delete process.env[name];
  for (const [name, value] of Object.entries(before.env)) if (value !== undefined) process.env[name] = value;
  if (process.cwd() !== before.cwd) process.chdir(before.cwd);
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    if (!before.globals.has(name)) Reflect.deleteProperty(globalThis, name);
  }
}

/** Called inside the file's describe: compares before its first case with after its last one, and puts back what it can. */
export function guardState(link: WorkerLink, file: string): void {
  let before: Snapshot | undefined;
  beforeAll(() => {
    before = snapshot();
  });
  afterAll(() => {
    if (before === undefined) return;
    const found = differences(before, snapshot());
    if (found.length === 0) return;
    restore(before);
    const message = `the file leaves state behind that other files would see: ${found.join(', ')}`;
    link.send({ type: 'file-failed', file, failure: { kind: 'state-leak', message } });
  });
}
