import { InvalidArgumentError } from 'commander';

/** A number of things to show or keep: whole, from 1 to 100,000. */
export function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > 100_000)
    throw new InvalidArgumentError('expected a whole number from 1 to 100000.');
  return count;
}
