// Isolated cases of a sharded run with real processes: the first shard takes them, when the others have ended and not before.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { startPlatform } from '../../fixtures/platform/index.ts';
import { type CharterProcess, runCharter, startCharter } from '../../fixtures/testing/index.ts';
import { fold, type JournalEvent, readJournal, verdictOf } from '../journal/index.ts';
import { campaigns, type ShardOptions, shardScene, until } from './shards-testing.ts';

vi.setConfig({ testTimeout: 180_000 });

const { home, out, cluster, kept, shard: shardOf } = shardScene();

const shard = (options: Omit<ShardOptions, 'campaign'>) => shardOf({ ...options, campaign: 'isolated' });

/** The newest journal whose name ends like this; none before there is one. */
function eventsOf(ending: string): readonly JournalEvent[] {
  const files = readdirSync(out()).filter((name) => name.endsWith(`${ending}.jsonl`));
  return files.length === 0 ? [] : readJournal(join(out(), files.sort().at(-1) ?? '')).events;
}

const startsOf = (events: readonly JournalEvent[], ids: readonly string[]) =>
  events.flatMap((one) =>
    one.event === 'case-started' && ids.includes(one.key.split('/')[0] ?? '') ? [one.at] : [],
  );
const endsOf = (events: readonly JournalEvent[]) =>
  events.flatMap((one) => (one.event === 'case-ended' ? [one.at] : []));

function expectAfterOthers(ids: readonly string[]): void {
  const others = ['-2of3', '-3of3'].flatMap((name) => [...fold(eventsOf(name)).campaigns.keys()]);
  expect(others.filter((id) => ids.includes(id))).toEqual([]);
  const first = startsOf(eventsOf('-1of3'), ids).toSorted()[0];
  const last = ['-2of3', '-3of3']
    .flatMap((name) => endsOf(eventsOf(name)))
    .toSorted()
    .at(-1);
  expect([first, last]).toEqual([expect.any(String), expect.any(String)]);
  expect(Date.parse(first ?? ''), `${first} comes after ${last}`).toBeGreaterThan(Date.parse(last ?? ''));
}

const verdicts = (events: readonly JournalEvent[]) =>
  [...fold(events).cases.values()].map((item) => `${item.planned.key}: ${verdictOf(item)}`).toSorted();

/** What became of the isolated cases, one text for each attempt. */
const isolated = (ending = '-merged') =>
  [...fold(eventsOf(ending)).cases.values()]
    .filter(({ planned }) => planned.campaign === 'A')
    .map((item) => item.attempts.map(({ outcome }) => outcome?.failure?.message ?? outcome?.verdict));

test('they begin when the last case of the others has ended, those of a file that forgot to say so with them', async () => {
  const ended = await Promise.all([0, 1, 2].map((index) => shard({ index }).ended));
  expect(
    ended.map(({ code }) => code),
    ended.map(({ stdout, stderr }) => stdout + stderr).join(''),
  ).toEqual([0, 0, 0]);
  expect(ended[0]?.stdout).toMatch(/waiting for shards .* to end, before the isolated cases/);
  expectAfterOthers(['A']);
  expect(isolated()).toEqual([['passed'], ['passed'], ['passed']]);
});

test('of a platform, all nine campaigns find in three shards what they find in one run', async () => {
  const platform = await startPlatform({ secretsDirectory: join(home(), 'secrets') });
  try {
    const config = join(home(), 'charter.yaml');
    writeFileSync(config, platform.charterYaml());
    const run = (folder: string, ...args: string[]) => ['run', '--config', config, '--out', folder, ...args];
    const env = { CHARTER_EMBEDDED: 'true', CHARTER_JOB_UID: 'uid-1', CHARTER_JOB_NAME: 'nightly-1' };
    const whole = join(home(), 'whole');
    expect((await runCharter(run(whole), { env })).code).toBe(0);
    const [journal = ''] = readdirSync(whole).filter((name) => name.endsWith('.jsonl'));
    const ended = await Promise.all(
      ['1/3', '2/3', '3/3'].map(
        (part) => kept(startCharter(run(out(), '--shard', part, '--merge'), { env })).ended,
      ),
    );
    expect(
      ended.map(({ code }) => code),
      ended.map(({ stdout, stderr }) => stdout + stderr).join(''),
    ).toEqual([0, 0, 0]);
    expect(verdicts(eventsOf('-merged'))).toEqual(verdicts(readJournal(join(whole, journal)).events));
    expectAfterOthers(['W4', 'W5']);
  } finally {
    await platform.stop();
  }
});

test('7: beside a shard that was killed they are errors at the deadline, and were never begun', async () => {
  const budgets = ', runMs: 9000';
  const killed = shard({ index: 2, budgets });
  await until(() => startsOf(eventsOf('-3of3'), ['B']).length > 0);
  process.kill(-(killed.child.pid ?? 0), 'SIGKILL');
  await killed.ended;
  const [first, second] = await Promise.all([0, 1].map((index) => shard({ index, budgets, retry: 1 }).ended));
  expect([first?.code, second?.code], first?.stdout).toEqual([7, 0]);
  const why =
    'it did not run, because it may not run beside another shard. deadline: waited for shards 3 (running)';
  expect(isolated()).toEqual([[why], [why], [why]]);
  expect(startsOf(eventsOf('-1of3'), ['A'])).toEqual([]);
  const [missed] = fold(eventsOf('-merged')).cases.get('charter/shard 3/3')?.attempts ?? [];
  expect(missed?.outcome?.failure?.message).toContain('its journal has no end');
});

test('a shard that was killed and replaced is waited for', async () => {
  const first = shard({ index: 0 });
  const killed = shard({ index: 2 });
  await until(() => startsOf(eventsOf('-3of3'), ['B']).length > 0);
  process.kill(-(killed.child.pid ?? 0), 'SIGKILL');
  await killed.ended;
  const others = [1, 2].map((index) => shard({ index }).ended);
  expect((await Promise.all([first.ended, ...others])).map(({ code }) => code)).toEqual([0, 0, 0]);
  expectAfterOthers(['A']);
  expect(isolated()).toEqual([['passed'], ['passed'], ['passed']]);
});

test.each([
  ['is interrupted', (first: CharterProcess) => void first.child.kill('SIGTERM'), /interrupted by SIGTERM: /],
  [
    'loses the lock',
    () => cluster().setLease('lock', { holderIdentity: 'other', leaseTransitions: 9 }),
    /lost the run lock to other.*: /,
  ],
])('7: a first shard that %s while it waits runs none of them', async (_what, end, because) => {
  const first = shard({ index: 0, lock: ', leaseMs: 3000' });
  const waits = 'waiting for shards 2 (no journal yet), 3 (no journal yet)';
  await until(() => first.child.exitCode !== null || first.stdout().includes(waits));
  end(first);
  expect((await first.ended).code).toBe(7);
  const told = isolated().flat();
  expect(told).toHaveLength(3);
  for (const one of told) {
    expect(one).toMatch(because);
    expect(one).toContain('waited for shards 2 (no journal yet), 3 (no journal yet)');
  }
});

test('where a journal cannot be read none of them runs', async () => {
  const first = shard({ index: 0 });
  await until(() => first.child.exitCode !== null || first.stdout().includes('waiting for shards'));
  mkdirSync(join(out(), 'unreadable.jsonl'));
  await first.ended;
  const told = isolated('-1of3').map(([one]) => one);
  expect(told).toEqual(Array(3).fill(expect.stringContaining('beside another shard. EISDIR')));
});

test('4: a shard that was refused runs nothing, so they run beside it', async () => {
  const of = { holderIdentity: 'job-other', leaseDurationSeconds: 600, leaseTransitions: 9 };
  cluster().setLease('lock', { ...of, renewTime: new Date().toISOString() });
  expect((await shard({ index: 1 }).ended).code).toBe(6);
  cluster().setLease('lock', {});
  const [first] = await Promise.all([0, 2].map((index) => shard({ index }).ended));
  expect(first?.code, first?.stdout).toBe(4);
  expect(isolated()).toEqual([['passed'], ['passed'], ['passed']]);
});

test('without --merge they are the last cases of the first shard, which waits for nobody', async () => {
  const where = ['--config', join(campaigns, 'charter.yaml'), '--suites', join(campaigns, 'isolated')];
  const ended = await runCharter(['run', ...where, '--out', out(), '--shard', '1/3'], {
    env: { CHARTER_EMBEDDED: 'true' },
  });
  expect(ended.code, ended.stderr).toBe(0);
  const ran = eventsOf('-1of3').flatMap((one) => (one.event === 'case-started' ? [one.key] : []));
  expect(ran.toSorted()).toEqual(['A/1', 'A/2', 'A/3', 'B/1', 'B/4', 'B/7']);
  expect(ran.slice(-3)).toEqual(['A/1', 'A/2', 'A/3']);
});
