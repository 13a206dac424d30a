// What a campaign prints and what the run prints share a terminal, and no line of it.
import { expect, test } from 'vitest';
import { initialState } from '../journal/index.ts';
import { plainStyle } from '../report/index.ts';
import { terminalSink } from './sinks.ts';

test.for([
  ['without a line break', ['one\n', 'no line break'], 'one\nno line break\n'],
  ['with one', ['one\n', ''], 'one\n'],
  ['not at all', [], ''],
] as const)('where a campaign ends %s, the next line begins as one', async ([_how, pieces, shown]) => {
  let written = '';
  const terminal = terminalSink({ style: plainStyle, write: (text) => (written += text) });
  for (const piece of pieces) terminal.aside(piece);
  await terminal.finish(initialState());
  expect(written).toBe(shown);
});
