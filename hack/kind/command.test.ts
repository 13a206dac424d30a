import { expect, test } from 'vitest';
import { explain } from './action.ts';
import { attempt, CommandError, run } from './command.ts';

test('a command gives what it printed', async () => {
  expect(await run(['printf', '%s', 'a b'])).toBe('a b');
});

test('words are words, whatever stands in them', async () => {
  const hostile = `'"$(id) \`id\` ; \\ *`;
  expect(await run(['printf', '%s', hostile])).toBe(hostile);
});

test('a failed command is told with its words, its output and the likely fix', async () => {
  const script = 'echo "Cannot connect to the Docker daemon at unix:///x" >&2; exit 3';
  const error = await run(['sh', '-c', script]).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(CommandError);
  expect(explain(error)).toEqual([
    `sh -c ${script}: exit code 3`,
    '  | Cannot connect to the Docker daemon at unix:///x',
    '  fix: no Docker engine answers: make engine',
  ]);
});

test('a program that does not exist is a failure with a name', async () => {
  expect((await attempt(['charter-no-such-program'])).code).toBe(127);
});

test('a command that takes too long is killed', async () => {
  const start = performance.now();
  expect((await attempt(['sleep', '20'], { timeoutMs: 200 })).code).not.toBe(0);
  expect(performance.now() - start).toBeLessThan(5_000);
});

test('a command knows its harness', async () => {
  expect(await run(['sh', '-c', 'echo $CHARTER_HARNESS_PID'])).toBe(`${process.pid}`);
});
