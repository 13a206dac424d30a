// When an entry of the quarantine counts, and what is told of a file that is not right.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readQuarantine } from './quarantine.ts';

let home = '';
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'charter-quarantine-'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

test('an entry of the quarantine counts until the end of its day, and is told after it', () => {
  const file = join(home, 'quarantine.yaml');
  const entry = (name: string, expires: string) =>
    `  - { case: "${name}", owner: team, reason: why, expires: "${expires}" }\n`;
  writeFileSync(file, `quarantine:\n${entry('C-1/1', '2026-03-01')}${entry('C-1/2', '2026-02-28')}`);
  const read = readQuarantine(file, new Date('2026-03-01T23:00:00Z'));
  expect([[...read.active.keys()], read.expired.map((one) => one.case)]).toEqual([['C-1/1'], ['C-1/2']]);
  for (const [text, why] of [
    ['quarantine:\n  - { case: C-1/1, owner: team, expires: "2026-01-01" }\n', 'quarantine.0.reason'],
    [`quarantine:\n${entry('C-1/1', '1 March')}`, 'quarantine.0.expires: not a day as 2026-12-31, in quotes'],
    [`quarantine:\n${entry('C-1/1', '2026-99-99')}`, 'quarantine.0.expires: not a day'],
    [`quarantine:\n${entry('C-1/1', '2026-02-30')}`, 'quarantine.0.expires: not a day'],
    [`quarantine:\n${entry('C-1/1', '2026-03-01').repeat(2)}`, 'twice'],
    ['quarantine: [', 'not right'],
  ] as const) {
    writeFileSync(file, text);
    expect(() => readQuarantine(file, new Date('2026-01-01'))).toThrow(why);
  }
});
