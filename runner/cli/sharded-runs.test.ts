// Three shards of one Job with real processes: one merged report, true whatever becomes of a shard; and `report fetch` brings it.

import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { type Ended, runCharter } from '../../fixtures/testing/index.ts';
import { countsOf, fold, type RunState, readJournal } from '../journal/index.ts';
import { fetchReport } from './report-fetch.ts';
import { campaigns, shardScene, until } from './shards-testing.ts';

vi.setConfig({ testTimeout: 120_000 });

const { home, out, cluster, shard } = shardScene();

const lastLine = ({ stdout }: Ended) => stdout.trimEnd().split('\n').at(-1) ?? '';
const base = () => join(out(), 'charter-nightly-1-merged');
const merged = (): RunState => fold(readJournal(`${base()}.jsonl`).events);
const holder = () => cluster().leases.get('lock')?.spec?.holderIdentity;
const fetch = (...args: string[]) => runCharter(['report', 'fetch', '--out', out(), ...args]);

test('the first shard tells the whole run, the others their part; the lock is given back', async () => {
  const ended = await Promise.all([0, 1, 2].map((index) => shard({ index }).ended));
  expect(
    ended.map(({ code }) => code),
    ended.map(({ stderr }) => stderr).join(''),
  ).toEqual([1, 0, 0]);
  expect(ended.map(lastLine)[0]).toBe('[charter-runner] SUMMARY tests=60 pass=15 fail=15 err=15 skip=15');
  expect(ended.map(({ stdout }) => stdout.match(/SUMMARY/g)?.length)).toEqual([1, 1, 1]);
  expect(ended[1]?.stdout).toMatch(/shard 2\/3 ends with 0: its verdict, 1, counts in the merged report/);
  expect(countsOf(merged())).toEqual({ tests: 60, pass: 15, fail: 15, err: 15, skip: 15 });
  expect(readdirSync(out()).filter((name) => name.includes('merged'))).toEqual([
    'charter-nightly-1-merged.ctrf.json',
    'charter-nightly-1-merged.jsonl',
    'charter-nightly-1-merged.xml',
  ]);
  expect(readFileSync(join(home(), 'termination-0'), 'utf8').trim()).toBe(lastLine(ended[0] as Ended));
  expect(readFileSync(join(home(), 'termination-2'), 'utf8').trim()).toBe(lastLine(ended[2] as Ended));
  expect(holder()).toBe('');

  const fetched = await fetch();
  expect([fetched.code, fetched.stdout]).toEqual([0, readFileSync(`${base()}.xml`, 'utf8')]);
  expect((await fetch('--job', 'nightly-1')).stdout).toBe(fetched.stdout);
});

test('production mode is judged on the whole run: an unplanned skip of another shard makes it 3', async () => {
  const more = 'modes: { production: true }\n';
  const ended = await Promise.all([0, 1, 2].map((index) => shard({ index, campaign: 'green', more }).ended));
  expect(ended.map(({ code }) => code)).toEqual([3, 0, 0]);
  expect(ended[0]?.stdout).toMatch(/unplanned skip[\s\S]*SUMMARY/);
});

test('a shard whose Pod is killed and replaced is told by the replacement', async () => {
  const first = shard({ index: 0 });
  const third = shard({ index: 2 });
  const killed = shard({ index: 1 });
  await until(() => killed.stdout().includes('passed-'));
  process.kill(-(killed.child.pid ?? 0), 'SIGKILL');
  expect((await killed.ended).code).toBe(null);
  expect((await third.ended).code).toBe(0);
  await until(() => first.stdout().includes('for shards 2 (running)'));
  expect((await shard({ index: 1 }).ended).code).toBe(0);
  const ended = await first.ended;
  expect(ended.code, ended.stdout).toBe(1);
  expect(countsOf(merged())).toEqual({ tests: 60, pass: 15, fail: 15, err: 15, skip: 15 });
});

test('7: a shard that never comes is an error at the deadline, and the lock is left to expire', async () => {
  const options = { campaign: 'green', budgets: ', runMs: 6000' };
  const [first] = await Promise.all([0, 1].map((index) => shard({ index, ...options }).ended));
  expect(first?.code).toBe(7);
  expect(first?.stdout).toContain('3 (no journal yet)');
  const { ended } = merged();
  expect(ended?.reason).toBe('deadline: shard 3/3 left no journal');
  expect(readFileSync(`${base()}.xml`, 'utf8')).toContain('shard 3/3: no journal in');
  expect(holder()).toBe('uid-1');
});

test('4: a shard that met the lock of another Job is told at once, and the lock is given back', async () => {
  const of = { holderIdentity: 'job-other', leaseDurationSeconds: 600, leaseTransitions: 9 };
  cluster().setLease('lock', { ...of, renewTime: new Date().toISOString() });
  const refused = await shard({ index: 1, campaign: 'green' }).ended;
  expect(refused.code, refused.stderr).toBe(6);
  expect(lastLine(refused)).toContain('SUMMARY tests=0');
  cluster().setLease('lock', {});
  const [first, third] = await Promise.all([0, 2].map((index) => shard({ index, campaign: 'green' }).ended));
  // By default a shard without a word is waited for as long as a run may last: a quarter of an hour.
  expect([first?.code, third?.code], first?.stdout).toEqual([4, 0]);
  const report = readFileSync(`${base()}.xml`, 'utf8');
  expect(report).toMatch(
    /shard 2\/3: it ended before its plan was known: the run lock .* is held by job-other/,
  );
  expect(holder()).toBe('');
  // To whoever looks for runs the refused one left nothing.
  const isOfSecond = (name: string) => name.includes('2of3') && !name.startsWith('.');
  expect(readdirSync(out()).filter(isOfSecond)).toEqual([]);
});

test('7: a first shard that is interrupted while it waits merges what there is', async () => {
  const first = shard({ index: 0, campaign: 'green' });
  await until(() => first.stdout().includes('waiting until'));
  first.child.kill('SIGTERM');
  const ended = await first.ended;
  expect(ended.code).toBe(7);
  expect(ended.stdout).toContain('ended early: interrupted by SIGTERM');
  expect(merged().ended?.reason).toMatch(/^interrupted by SIGTERM: shard [23]\/3 left no journal/);
});

test.each([
  [['--merge'], 'there is no --shard'],
  [['--merge', '--shard', '1/2'], 'CHARTER_JOB_UID is not set'],
])('2: %j cannot be merged', async (args, told) => {
  const where = ['--config', join(campaigns, 'charter.yaml'), '--out', out()];
  const ended = await runCharter(['run', ...where, ...args], { env: { CHARTER_EMBEDDED: 'true' } });
  expect(ended.code).toBe(2);
  expect(ended.stderr).toContain(told);
  expect(lastLine(ended)).toContain('SUMMARY tests=0');
});

describe('report fetch', () => {
  const run = (job: string, campaign = 'green') =>
    runCharter(
      [
        'run',
        '--config',
        join(campaigns, 'charter.yaml'),
        '--suites',
        join(campaigns, campaign),
        '--out',
        out(),
      ],
      { env: { CHARTER_EMBEDDED: 'true', CHARTER_JOB_UID: `uid of ${job}`, CHARTER_JOB_NAME: job } },
    );

  test('brings the newest, or that of a Job by name or UID, and nothing beside it', async () => {
    await run('monday', 'errors-only');
    await sleep(1_000);
    await run('tuesday');
    const newest = await fetch();
    expect(newest.stdout).toMatch(/^<\?xml[\s\S]*value="tuesday"[\s\S]*<\/testsuites>\n$/);
    expect(newest.stderr).toBe('');
    expect(fetchReport(out(), undefined).notes[0]).toMatch(/\.xml: Job tuesday, started 2/);
    for (const job of ['monday', 'uid of monday'])
      expect((await fetch('--job', job)).stdout).toContain('value="monday"');
    const wrong = await fetch('--job', 'sunday');
    expect([wrong.code, wrong.stdout]).toEqual([2, '']);
    expect(wrong.stderr).toMatch(/no report of Job sunday in .* Reports there are of: monday, tuesday/);
  });

  test('without a report says so, on stderr alone', async () => {
    const { code, stdout, stderr } = await fetch();
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('CHR_REPORT_MISSING');
  });

  test('tells of a run that never ended', async () => {
    await run('killed');
    const journal = readdirSync(out()).find((name) => name.endsWith('.jsonl')) ?? '';
    const lines = readFileSync(join(out(), journal), 'utf8').trimEnd().split('\n');
    writeFileSync(join(out(), journal), `${lines.slice(0, -1).join('\n')}\n`);
    expect(fetchReport(out(), undefined).notes[1]).toContain('its run has not ended');
  });
});

test('a termination message that cannot be written costs one line on stderr and nothing else', async () => {
  cpSync(join(campaigns, 'charter.yaml'), join(home(), 'charter.yaml'));
  const args = [
    'run',
    '--config',
    join(home(), 'charter.yaml'),
    '--suites',
    join(campaigns, 'errors-only'),
    '--out',
    out(),
  ];
  const env = { CHARTER_EMBEDDED: 'true', CHARTER_TERMINATION_LOG: join(home(), 'no', 'such', 'folder') };
  const ended = await runCharter(args, { env });
  expect(ended.code).toBe(4);
  expect(ended.stderr.match(/termination message could not be written/g)).toHaveLength(1);
  expect(existsSync(out())).toBe(true);
});
