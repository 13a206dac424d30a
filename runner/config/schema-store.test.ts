// How long a run may be told to stay: a day so far back that no calendar has it would end `charter store prune` with an error of the database.
import { expect, test } from 'vitest';
import { store } from './schema-store.ts';

test.for(['days', 'redDays'])('keep.%s is a hundred years at most', (name) => {
  const issues = (days: number) =>
    store.safeParse({ keep: { [name]: days } }).error?.issues.map(({ path, code }) => [path.join('.'), code]);
  expect(issues(36_500)).toBeUndefined();
  expect(issues(36_501)).toEqual([[`keep.${name}`, 'too_big']]);
});
