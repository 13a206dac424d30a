// Finds the campaign files of a run: `*.campaign.ts` below the folder of the suites that are asked for.
import { globSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ConfigData } from '../config/index.ts';
import { CharterError } from '../errors/index.ts';

export interface Found {
  /** Absolute, in byte order. */
  readonly files: readonly string[];
  /** What names of files are relative to. */
  readonly folder: string;
  /** Campaign ids that `suites` names; empty takes all of the folder. They name campaigns that ship. */
  readonly campaigns: readonly string[];
}

export const shippedSuites = resolve(import.meta.dirname, '..', '..', 'suites');

/** `directory` is the user's own (`--suites DIR`); without one, the campaigns that ship are meant. */
export function discover(suites: ConfigData['suites'], directory?: string): Found {
  const folder = resolve(
    directory ?? (suites === 'charter' ? join(shippedSuites, 'charter') : shippedSuites),
  );
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new CharterError('CHR_USAGE', `the folder of campaigns does not exist: ${folder}`, {
      hint: 'Give an existing one with --suites DIR.',
    });
  }
  const files = globSync('**/*.campaign.{ts,mts,js,mjs}', {
    cwd: folder,
    exclude: (name) => name === 'node_modules',
  }).sort();
  return {
    files: files.map((file) => join(folder, file)),
    folder,
    campaigns: directory === undefined && Array.isArray(suites) ? suites : [],
  };
}
