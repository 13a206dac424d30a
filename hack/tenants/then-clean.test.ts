import { expect, test } from 'vitest';
import { thenClean } from './then-clean.ts';

type Step = () => Promise<number>;
const works: Step = async () => 7;
const fails = (text: string): Step => {
  return async () => {
    throw new Error(text);
  };
};
const unclean = 'nor could it be cleaned up: Error: still there';

const rows: [string, Step, Step, number | string, string[]][] = [
  ['measured, cleaned up', works, works, 7, []],
  ['measured, not cleaned up', works, fails('still there'), 'still there', []],
  ['not measured, cleaned up', fails('not Ready'), works, 'not Ready', []],
  ['not measured, not cleaned up', fails('not Ready'), fails('still there'), 'not Ready', [unclean]],
];

test.each(rows)('%s', async (_, act, clean, outcome, expected) => {
  const told: string[] = [];
  let cleanings = 0;
  const counting = () => {
    cleanings++;
    return clean();
  };
  const ended = await thenClean(act, counting, (line) => told.push(line)).catch(
    (error: Error) => error.message,
  );
  expect({ ended, told, cleanings }).toEqual({ ended: outcome, told: expected, cleanings: 1 });
});
