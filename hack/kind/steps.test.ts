// What a person sees of steps: on a terminal, in a log, and at the end.
import { expect, test } from 'vitest';
import { FakeClock } from '../../fixtures/testing/fake-clock.ts';
import { explain } from './action.ts';
import { CommandError } from './command.ts';
import { steps } from './steps.ts';

/** A screen that keeps what was written, one entry for each write. */
function staged(isTTY: boolean) {
  const clock = new FakeClock();
  const written: string[] = [];
  const screen = { isTTY, write: (text: string) => written.push(text) };
  return { clock, written, ...steps(screen, clock) };
}

const clear = '\r\x1b[K';
const never = new Error('the step failed');

test('elsewhere than on a terminal a step is one plain line, written when it has ended', async () => {
  const { action, clock, written } = staged(false);
  const made = Promise.withResolvers<string>();
  const step = action('create cluster home', () => made.promise);
  clock.pass(1_500);
  expect(written).toEqual([]);
  expect(clock.waiting).toBe(0);
  made.resolve('whole');
  expect(await step).toBe('whole');
  expect(written).toEqual([' ✓ create cluster home  1.5 s\n']);
});

test('on a terminal a running step turns on one line, which its end is written over', async () => {
  const { action, clock, written } = staged(true);
  const made = Promise.withResolvers<void>();
  const step = action('create cluster home', () => made.promise);
  for (const _ of [1, 2, 3]) clock.pass(100);
  expect(written).toEqual([
    `${clear} ⠙ create cluster home  0.1 s`,
    `${clear} ⠹ create cluster home  0.2 s`,
    `${clear} ⠸ create cluster home  0.3 s`,
  ]);
  made.resolve();
  await step;
  expect(written.at(-1)).toBe(`${clear} ✓ create cluster home  0.3 s\n`);
  expect(clock.waiting, 'nothing turns any more').toBe(0);
});

test('of steps side by side the oldest is shown, with how many more there are', async () => {
  const { action, clock, written } = staged(true);
  const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const one = action('create cluster home', () => first.promise);
  const other = action('create cluster remote-a', () => second.promise);
  clock.pass(100);
  expect(written).toEqual([`${clear} ⠙ create cluster home and 1 more  0.1 s`]);
  first.resolve();
  await one;
  clock.pass(100);
  expect(written.at(-1)).toBe(`${clear} ⠹ create cluster remote-a  0.2 s`);
  second.resolve();
  await other;
  expect(clock.waiting).toBe(0);
});

test('steps of the same name each have their own time', async () => {
  const { action, clock, timeSummary } = staged(false);
  const long = Promise.withResolvers<void>();
  const first = action('load', () => long.promise);
  clock.pass(5_000);
  await action('load', async () => clock.pass(1_000));
  long.resolve();
  await first;
  expect(timeSummary()).toEqual(['    6.0 s  load', '    1.0 s  load']);
});

test.each([
  [false, ' ✗ create cluster home  0.0 s\n'],
  [true, `${clear} ✗ create cluster home  0.0 s\n`],
])('a step that fails is marked, and the failure goes on (terminal: %s)', async (isTTY, line) => {
  const { action, clock, written } = staged(isTTY);
  await expect(action('create cluster home', () => Promise.reject(never))).rejects.toBe(never);
  expect(written).toEqual([line]);
  expect(clock.waiting).toBe(0);
});

test('a remark does not stand behind a spinning line', () => {
  const onTerminal = staged(true);
  onTerminal.remark('home: removed');
  expect(onTerminal.written).toEqual([`${clear}home: removed\n`]);
  const inLog = staged(false);
  inLog.remark('home: removed');
  expect(inLog.written).toEqual(['home: removed\n']);
});

test('the summary tells where the time went: the eight longest, longest first, failed ones too', async () => {
  const { action, clock, timeSummary } = staged(false);
  expect(timeSummary()).toEqual([]);
  for (const each of [3, 1, 9, 4, 5, 8, 6, 7, 2])
    await action(`step ${each}`, async () => clock.pass(each * 1_000));
  const failed = action('step 120', async () => {
    clock.pass(120_000);
    throw never;
  });
  await expect(failed).rejects.toBe(never);
  expect(timeSummary()).toEqual([
    '    120 s  step 120',
    ...[9, 8, 7, 6, 5, 4, 3].map((each) => `    ${each}.0 s  step ${each}`),
  ]);
});

test('a failed command in a step is explained by its words, its output and the likely fix', async () => {
  const { action } = staged(false);
  const failed = action('create cluster home', async () => {
    throw new CommandError('kind create cluster', 1, 'ERROR: node(s) already exist for a cluster\n');
  });
  expect(explain(await failed.catch((error: unknown) => error))).toEqual([
    'kind create cluster: exit code 1',
    '  | ERROR: node(s) already exist for a cluster',
    '  fix: a half-made cluster is in the way: make kind-sweep',
  ]);
});

test('without output, or a fix that is known, nothing is made up', () => {
  expect(explain(new CommandError('kind version', null, ''))).toEqual([
    'kind version: exit code none, killed',
  ]);
  expect(explain(never)).toEqual(['the step failed']);
  expect(explain('words')).toEqual(['words']);
});
