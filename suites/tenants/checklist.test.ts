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

/** Titles are the texts of `test(…)` and `c.case(…)`, and the rows of the table that a test runs through. */
const texts = globSync(places, { cwd: root })
  .filter((file) => !file.endsWith('checklist.test.ts'))
  .map((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    const lines = file.endsWith('.md') ? text.split('\n').filter((line) => /^\| \d+ \|/.test(line)) : [text];
    return { file, text: lines.join('\n') };
  });

const numbers = Array.from({ length: 66 }, (_, i) => `K${String(i + 1).padStart(2, '0')}`);

test('every number of the checklist is here, once', () => {
  expect(Object.keys(provenBy).toSorted()).toEqual(numbers);
});

test.each(Object.entries(provenBy))('%s is named by a title in %s', (number, file) => {
  const naming = texts.filter(({ text }) => new RegExp(`\\b${number}\\b`).test(text)).map((one) => one.file);
  expect(naming, `files with a title that names ${number}`).toContain(file);
});
