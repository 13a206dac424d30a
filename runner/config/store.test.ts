// A store that nobody would write to: what only Postgres reads, without mode postgres.
import { expect, test } from 'vitest';
import { CharterError } from '../errors/index.ts';
import { parseConfig } from './index.ts';
import { sampleWith } from './testdata/sample.ts';

const parse = (execution: string, store: string) =>
  parseConfig('charter.yaml', `${sampleWith('execution: { retry: 0 }\n', execution)}store: ${store}\n`, {
    env: {},
  });

test.for([
  ['{ required: true }', ['required']],
  ['{ mode: folder, connectionFile: /c }', ['connectionFile']],
  ['{ connectionFile: /c, caFile: /ca, required: true }', ['connectionFile', 'caFile', 'required']],
] as const)('%s is a problem at %j', async ([store, keys]) => {
  const error = await parse('', store).catch((error: unknown) => error);
  const message = error instanceof CharterError ? error.message : String(error);
  expect(message).toMatch(new RegExp(`: ${keys.length} problems?\n`));
  for (const key of keys)
    expect(message).toMatch(
      new RegExp(
        `line \\d+, column \\d+: store\\.${key}\\n *expected: mode: postgres.*[^]*did you mean: mode: postgres`,
      ),
    );
});

test.for([
  ['', '{ mode: postgres, connectionFile: /c, caFile: /ca, required: true }'],
  ['', '{ mode: folder, folder: kept, required: false }'],
  ['execution: { lock: postgres }\n', '{ connectionFile: /c, caFile: /ca }'],
  ['execution: { lock: { mode: postgres } }\n', '{ connectionFile: /c }'],
] as const)('%s store: %s has a reader for each key', async ([execution, store]) => {
  await expect(parse(execution, store)).resolves.toBeDefined();
});

test('the lock in Postgres stores no run', async () => {
  await expect(parse('execution: { lock: postgres }\n', '{ required: true }')).rejects.toThrow(
    'store.required',
  );
});
