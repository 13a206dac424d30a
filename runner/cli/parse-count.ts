import { InvalidArgumentError } from 'commander';
import { mostDays } from '../config/index.ts';

/** A number of things to show or keep: whole, from 1 to 100,000. */
export const parseCount = upTo(100_000);

/** A number of days to keep something. */
export const parseDays = upTo(mostDays);

function upTo(most: number): (text: string) => number {
  return (text) => {
    const count = Number(text);
    if (!Number.isInteger(count) || count < 1 || count > most)
      throw new InvalidArgumentError(`expected a whole number from 1 to ${most}.`);
    return count;
  };
}
