// The list of docs/errors.md, written from the registry so that no code is without its words.
import { codes } from './codes.ts';

export function errorList(): string {
  return Object.entries(codes)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, { meaning, hint }]) => `### ${code}\n\n${meaning}\n\n${hint}`)
    .join('\n\n');
}
