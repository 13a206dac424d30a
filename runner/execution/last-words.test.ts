import { expect, test } from 'vitest';
import { lastWords } from './last-words.ts';

test.each([
  [
    'an uncaught error of Node',
    "file:///app/x.mjs:1976\n\t\tthrow err;\n\t\t^\n\nError: EACCES: permission denied, mkdir '/home'\n    at mkdir (node:fs:1)\n",
    "Error: EACCES: permission denied, mkdir '/home'",
  ],
  [
    'an error with a code',
    '\nTypeError [ERR_X]: no such thing\n  at y\n',
    'TypeError [ERR_X]: no such thing',
  ],
  ['text that is no error', '\nSegmentation fault\ncore dumped\n', 'Segmentation fault'],
  ['silence', ' \n', ''],
])('%s', (_, errors, told) => {
  expect(lastWords(errors)).toBe(told);
});
