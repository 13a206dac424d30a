// The one test file vitest runs: it imports every campaign file, tells the plan, and reports each case as it starts and ends.
import { afterAll, aroundEach, beforeAll, beforeEach, describe, type SuiteCollector, test, vi } from 'vitest';
import { Afterwards, type Round } from './afterwards.ts';
import { aroundFile } from './around-file.ts';
import { breathe } from './breathe.ts';
import { chooseTasks } from './choose.ts';
import { every } from './clock.ts';
import { answering, followTask, stopped } from './follow.ts';
import { importCampaign } from './import-campaign.ts';
import { connect } from './link.ts';
import { keyOf, planOf } from './plan.ts';
import { testsIn } from './tree.ts';

const link = await connect();
const { assignment } = link;
const { hookMs } = assignment;
/** Hooks of campaigns get the time of a case; those here wait for the supervisor. */
const untimed = 0;
vi.setConfig({ maxConcurrency: assignment.concurrency, hookTimeout: hookMs });
const round: Round = { planned: new Map(), attempts: {}, due: new Map() };
const afterwards = new Afterwards(link, round);

const left: string[] = [];
let held = 0;
let last: SuiteCollector | undefined;

for (const file of assignment.files) {
  const own = describe(file, async () => {
    if (last?.suite !== undefined) held += [...testsIn(last.suite)].length;
    last = own;
    if (held >= assignment.most) {
      left.push(file);
      return;
    }
    aroundFile(link, file, afterwards);
    await importCampaign(link, file);
  });
}

/** Keeps the file alive for vitest when no campaign declares a test, or all of them are switched off. */
test('the driver is alive', () => {});

// biome-ignore lint/correctness/noEmptyPattern: vitest reads the first parameter's pattern and refuses a plain name
beforeAll(async ({}, suite) => {
  round.planned = planOf(suite, assignment, link.config);
  const cases = [...round.planned.values()].map(({ collected }) => collected);
  link.send({ type: 'collected', cases, left });
  round.attempts = await link.start;
  for (const [key, attempt] of Object.entries(round.attempts)) round.due.set(key, attempt);
  chooseTasks(suite.tasks, round.planned, round.attempts, (key, outcome) => {
    const attempt = round.attempts[key] ?? 1;
    round.due.delete(key);
    link.send({ type: 'case-ended', key, attempt, durationMs: 0, outcome, warnings: [] });
  });
  every(signOfLifeMs(hookMs), () => link.send({ type: 'alive' })).unref();
}, untimed);

// biome-ignore lint/correctness/noEmptyPattern: as above
afterAll(async ({}, suite) => {
  afterwards.tellAll(suite.tasks);
  link.send({ type: 'done' });
  await link.sent();
}, untimed);

aroundEach(async (runTest, { task }) => {
  afterwards.tell();
  afterwards.watch(task);
  await answering(link, task, round.attempts, runTest);
  // Or its end would be lost where what comes after it takes the worker along.
  await link.sent();
}, untimed);

beforeEach(async (context) => {
  await breathe();
  await link.sent();
  await link.permission();
  if (link.stopping()) context.skip(stopped);
  round.due.delete(keyOf(context.task) ?? '');
  await followTask(link, context);
  if (link.stopping()) context.skip(stopped);
}, untimed);

/** Several times in which a hook may take its time, and at least every second. */
function signOfLifeMs(timeMs: number): number {
  return Math.min(1_000, timeMs / 3);
}
