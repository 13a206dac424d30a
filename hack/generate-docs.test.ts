import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { generatedPages } from './generate-docs.ts';

test.each((await generatedPages()).map((page) => ({ ...page, name: basename(page.path) })))(
  'docs/$name is current (hack/node hack/generate-docs.ts)',
  ({ path, text }) => {
    expect(readFileSync(path, 'utf8')).toBe(text);
  },
);
