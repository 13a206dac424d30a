// A check looks at the raw file, so that it finds its problems even where the shape is wrong elsewhere.
import type { LoadOptions } from '../options.ts';
import type { KeyPath } from '../places.ts';
import type { Problem } from '../problem.ts';
import { dotted, valueAt } from '../shape-problems.ts';
import type { Source } from '../source.ts';

export interface CheckOptions {
  /** The platform on loopback that ships with the runner. */
  readonly embedded: boolean;
  readonly campaigns?: LoadOptions['campaigns'];
}

export type Check = (source: Source, options: CheckOptions) => Problem[];

export function problemAt(
  source: Source,
  path: KeyPath,
  what: Omit<Problem, 'path' | 'line' | 'column'>,
): Problem {
  return { path: dotted(path), ...source.placeOf(path), ...what };
}

export function listAt(source: Source, path: KeyPath): readonly unknown[] {
  const value = valueAt(source.value, path);
  return Array.isArray(value) ? value : [];
}

export function textAt(source: Source, path: KeyPath): string | undefined {
  const value = valueAt(source.value, path);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function personaNames(source: Source): string[] {
  return listAt(source, ['personas']).map((_, index) => textAt(source, ['personas', index, 'name']) ?? '');
}
