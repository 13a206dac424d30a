// The one test file vitest runs: it imports every campaign file, tells the plan, and reports each case as it starts and ends.
import { afterAll, beforeAll, beforeEach, describe, test, vi } from 'vitest';
import { tellAfterwards } from './afterwards.ts';
import { breathe } from './breathe.ts';
import { chooseTasks } from './choose.ts';
import { followTask } from './follow.ts';
import { guardState } from './guard.ts';
import { importCampaign } from './import-campaign.ts';
import { connect } from './link.ts';
import { keyOf, type PlannedTask, planOf } from './plan.ts';

const link = await connect();
const { assignment } = link;
/** Hooks of campaigns get the time of a case; those here wait for the supervisor. */
const untimed = 0;
vi.setConfig({ maxConcurrency: assignment.concurrency, hookTimeout: link.config.data.budgets.caseMs });
let planned = new Map<string, PlannedTask>();
let attempts: Readonly<Record<string, number>> = {};
/** Attempts that have not started. */
let due = new Map<string, number>();

for (const file of assignment.files) {
  describe(file, async () => {
    await importCampaign(link, file);
    guardState(link, file);
  });
}

/** Keeps the file alive for vitest when no campaign declares a test, or all of them are switched off. */
test('the driver is alive', () => {});

// biome-ignore lint/correctness/noEmptyPattern: vitest reads the first parameter's pattern and refuses a plain name
beforeAll(async ({}, suite) => {
  planned = planOf(suite, assignment, link.config);
  link.send({ type: 'collected', cases: [...planned.values()].map(({ collected }) => collected) });
  attempts = await link.start;
  due = new Map(Object.entries(attempts));
  chooseTasks(suite.tasks, planned, attempts, (key, outcome) => {
    const attempt = attempts[key] ?? 1;
    due.delete(key);
    link.send({ type: 'case-ended', key, attempt, durationMs: 0, outcome, warnings: [] });
  });
}, untimed);

// biome-ignore lint/correctness/noEmptyPattern: as above
afterAll(async ({}, suite) => {
  if (!link.stopping()) tellAfterwards(link, suite.tasks, { planned, attempts, due });
  link.send({ type: 'done' });
  await link.sent();
}, untimed);

beforeEach(async () => {
  await breathe();
  await link.permission();
}, untimed);

// Not async: what is entered here is the async context of the test itself.
beforeEach((context) => {
  if (link.stopping()) context.skip('the run is being stopped');
  due.delete(keyOf(context.task) ?? '');
  followTask(link, context, attempts);
});
