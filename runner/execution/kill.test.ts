// SIGKILL of the whole process group at random moments: each leaves a report that parses and tells the truth.
import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Ended, readLeftBehind, runCharter } from '../../fixtures/testing/index.ts';
import { type KnownRun, startKnownRun, survivorsOf } from '../../fixtures/testing/killed-runs.ts';
import { killGroup, seeded } from '../../fixtures/testing/killing.ts';
import { untruths } from '../../fixtures/testing/untruths.ts';
import { fold, readJournal } from '../journal/index.ts';
import { junit as junitOf } from '../report/index.ts';

const kills = 20;

test(`${kills} kills of the whole group`, { timeout: 240_000 }, async () => {
  const random = seeded(20261121);
  let wholeMs = await timeOf(startKnownRun());
  const seen = { interrupted: 0, finished: 0 };
  for (let i = 0; i < kills; i++) {
    const run = startKnownRun();
    const whole = timeOf(run);
    await run.begun;
    await new Promise((resolve) => setTimeout(resolve, 1.5 * random() * wholeMs));
    const killed = killGroup(run.child);
    const ended = await run.ended;
    // How long a run takes changes with what else the machine does.
    if (ended.code !== null) wholeMs = await whole;
    seen[ended.code === null ? 'interrupted' : 'finished'] += 1;
    expect(judged(run, ended), `kill ${i}, ${killed}`).toEqual([]);
    expect(await survivorsOf(run.out), `processes left by kill ${i}`).toEqual([]);
    run.remove();
  }
  expect(seen.interrupted, 'runs that were killed before their end').toBeGreaterThan(kills / 4);
});

/** The run may have been quicker than the killer. */
function judged({ out }: KnownRun, ended: Ended): string[] {
  return ended.code === null ? untruths(out, 'group killed') : untruths(out, 'ended', ended);
}

/** Milliseconds from the first report of a run to its end. */
async function timeOf({ begun, ended }: KnownRun): Promise<number> {
  await begun;
  const start = performance.now();
  await ended;
  return performance.now() - start;
}

test('a worker that was started ahead and that nobody asks for ends with its supervisor', async () => {
  const CHARTER_RUN_OUT = `nobody-${process.pid}`;
  for (const flag of ['--help', '--nonsense']) {
    await runCharter(['run', flag], { env: { CHARTER_RUN_OUT } });
    expect(await survivorsOf(CHARTER_RUN_OUT), flag).toEqual([]);
  }
});

test('a supervisor that dies while its processes load takes them along', { timeout: 120_000 }, async () => {
  const ages = Array.from({ length: 16 }, (_, index) => 20 + index * 40);
  for (const age of ages) {
    const run = startKnownRun();
    run.begun.catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, age));
    run.child.kill('SIGKILL');
    await run.ended;
    expect(await survivorsOf(run.out), `processes left by one that was killed after ${age} ms`).toEqual([]);
    run.remove();
  }
});

test('the judge of reports is no yes-man', async () => {
  const run = startKnownRun();
  const ended = await run.ended;
  expect(untruths(run.out, 'ended', ended)).toEqual([]);
  const { junit, journal } = readLeftBehind(run.out);
  const path = journal.replace(/\.jsonl$/, '.xml');
  for (const [what, broken] of Object.entries({
    'cut in the middle': junit.slice(0, junit.length / 2),
    'a failure removed': junit.replace(/<failure[\s\S]*?<\/failure>/, ''),
    'a case removed': junit.replace(/<testcase [^>]*name="passed-0 [^>]*\/>/, ''),
    'a count changed': junit.replace(/failures="(\d+)"/, 'failures="0"'),
  })) {
    expect(broken, what).not.toBe(junit);
    writeFileSync(path, broken);
    expect(untruths(run.out, 'ended', ended), what).not.toEqual([]);
  }

  const { events } = readJournal(journal);
  const reportAfter = (count: number) => writeFileSync(path, junitOf(fold(events.slice(0, count))));
  const planned = events.findIndex(({ event }) => event === 'planned') + 1;
  const begun = events.findIndex(({ event }) => event === 'case-started') + 1;
  for (const [what, count] of Object.entries({
    'no plan': planned - 1,
    'no case': planned,
    'one case': begun,
  })) {
    reportAfter(count);
    expect(untruths(run.out, 'group killed'), `a report that knows of ${what}`).not.toEqual([]);
  }
  reportAfter(events.length - 2);
  expect(untruths(run.out, 'group killed'), 'a report that is an event behind').toEqual([]);
  const anyDeath = junit.replace(
    /<testcase ([^>]*name="passed-0 [^>]*)\/>/,
    '<testcase $1><error message="the worker died"/></testcase>',
  );
  writeFileSync(
    path,
    anyDeath.replace(/errors="(\d+)"/, (_, errors) => `errors="${Number(errors) + 1}"`),
  );
  expect(untruths(run.out, 'group killed'), 'the death of a worker that nobody killed').toEqual([
    expect.stringMatching(/^passed-0 .* is told as error$/),
    expect.stringMatching(/^K1\/passed-0 ended as passed/),
  ]);
  run.remove();
});
