// Where a process that fails leaves what was seen: one folder, whoever of it looks first.
import { mkdirSync } from 'node:fs';
import { inState } from './paths.ts';

let folder: string | undefined;

export function failureFolder(): string {
  folder ??= inState('failures', new Date().toISOString().replaceAll(/[-:]|\.\d+/g, ''), '.');
  mkdirSync(folder, { recursive: true });
  return folder;
}
