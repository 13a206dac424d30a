// The checklist of the operator's behaviour, K01 to K66: each is promised by the title of a test, and the titles are where this says.
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { provenBy } from './checklist.ts';

const root = resolve(import.meta.dirname, '..', '..');
const places = [
  '{runner/tenants,runner/controller,runner/kube,runner/cli,suites/tenants,hack/tenants,hack/chart}/**/*.{test,campaign}.ts',
  'hack/e2e/checks/11-tenants.e2e.ts',
  'docs/tenants.md',
];

/** A quoted text that names numbers stands where a title stands: first in a call, in its row of a table, or in its line (a case's number is before it). */
const title = /(?:^|[([,])\s*(['"`])((?:(?!\1)[^\n])*\bK\d\d\b(?:(?!\1)[^\n])*)\1/gm;

function titlesOf(file: string, text: string): string[] {
  if (file.endsWith('.md')) return text.split('\n').filter((line) => /^\| \d+ \|/.test(line));
  const code = text.replaceAll(/^\s*(\/\/|\/?\*).*$/gm, '');
  return [...code.matchAll(title)].map(([, , words = '']) => words);
}

/** Titles of `test(…)` and `c.case(…)`, and the rows of tables that a test runs through. */
const texts = globSync(places, { cwd: root })
  .filter((file) => !file.endsWith('checklist.test.ts'))
  .map((file) => ({ file, text: titlesOf(file, readFileSync(join(root, file), 'utf8')).join('\n') }));

test('a number in a comment or in other code is no title', () => {
  const code = "// K01\n/** K02 */\nconst K03 = text('a', other + 'K04');\ntest('K05 K06 so it is', f);\n";
  expect(titlesOf('a.test.ts', code)).toEqual(['K05 K06 so it is']);
});

const numbers = Array.from({ length: 66 }, (_, i) => `K${String(i + 1).padStart(2, '0')}`);

test('every number of the checklist is here, once', () => {
  expect(Object.keys(provenBy).toSorted()).toEqual(numbers);
});

const proofs = Object.entries(provenBy).flatMap(([number, files]) =>
  [files].flat().map((file) => [number, file] as const),
);

test.each(proofs)('%s is named by a title in %s', (number, file) => {
  const naming = texts.filter(({ text }) => new RegExp(`\\b${number}\\b`).test(text)).map((one) => one.file);
  expect(naming, `files with a title that names ${number}`).toContain(file);
});
