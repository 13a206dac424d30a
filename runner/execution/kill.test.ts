// SIGKILL of the whole process group at random moments: each leaves a report that parses and tells the truth.
import { expect, test } from 'vitest';
import { runCharter } from '../../fixtures/testing/index.ts';
import { type KnownRun, startKnownRun, survivorsOf, untruths } from '../../fixtures/testing/killed-runs.ts';
import { killGroup, seeded } from '../../fixtures/testing/killing.ts';

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
    expect(untruths(run.out, ended.code === null ? undefined : ended), `kill ${i}, ${killed}`).toEqual([]);
    expect(await survivorsOf(run.out), `processes left by kill ${i}`).toEqual([]);
    run.remove();
  }
  expect(seen.interrupted, 'runs that were killed before their end').toBeGreaterThan(kills / 4);
});

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
  expect(untruths(run.out, ended)).toEqual([]);
  const { readdirSync, readFileSync, writeFileSync } = await import('node:fs');
  const { join } = await import('node:path');
  const path = join(run.out, readdirSync(run.out).find((name) => name.endsWith('.xml')) ?? '');
  const junit = readFileSync(path, 'utf8');
  for (const [what, broken] of Object.entries({
    'cut in the middle': junit.slice(0, junit.length / 2),
    'a failure removed': junit.replace(/<failure[\s\S]*?<\/failure>/, ''),
    'a case removed': junit.replace(/<testcase [^>]*name="passed-0 [^>]*\/>/, ''),
    'a count changed': junit.replace(/failures="(\d+)"/, 'failures="0"'),
  })) {
    expect(broken, what).not.toBe(junit);
    writeFileSync(path, broken);
    expect(untruths(run.out, ended), what).not.toEqual([]);
  }
  run.remove();
});
