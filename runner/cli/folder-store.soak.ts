// The store as it is on a laptop: nobody names one, runs leave journals in a folder, and each command opens the database beside them.
import { globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type CharterProcess, type Ended, runCharter, startCharter } from '../../fixtures/testing/index.ts';
import { type JournalEvent, openJournal } from '../journal/index.ts';
import type { RunHead } from '../store/index.ts';
import { eventually } from '../store/testing/eventually.ts';
import { knownStore } from './store-access.ts';

const campaigns = resolve(import.meta.dirname, '../../fixtures/campaigns');
const config = join(campaigns, 'charter.yaml');
// PGlite computes for seconds each time it is opened.
vi.setConfig({ testTimeout: 240_000 });

let out = '';
const started: CharterProcess[] = [];
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'charter-folder-store-'));
});
afterEach(async () => {
  for (const { child, ended } of started.splice(0)) {
    child.kill('SIGKILL');
    await ended;
  }
  rmSync(out, { recursive: true, force: true });
});

const here = () => ['--config', config, '--out', out];
const charter = (...args: string[]): Promise<Ended> => runCharter([...args, ...here()]);

async function told(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await charter(...args);
  expect([args.join(' '), code, stderr]).toEqual([args.join(' '), 0, '']);
  return stdout;
}

function run(campaign: string): Promise<Ended> {
  const marks = join(out, 'marks');
  mkdirSync(marks, { recursive: true });
  const suites = ['--suites', join(campaigns, campaign), '--retry', '1'];
  return runCharter(['run', ...here(), ...suites], {
    env: { CHARTER_EMBEDDED: 'true', CHARTER_TEST_MARKS: marks },
  });
}

/** A green run of 200 days ago. */
function oldRun(id: string): void {
  const at = new Date(Date.now() - 200 * 86_400_000).toISOString();
  const planned = { key: 'C/1', campaign: 'C', id: '1', title: 't', file: 'f', tags: [], targets: [] };
  const events: readonly JournalEvent[] = [
    { event: 'run-started', at, run: id, host: 'h', environment: 'default', properties: {} },
    { event: 'planned', at, cases: [planned] },
    { event: 'case-ended', at, key: 'C/1', attempt: 1, durationMs: 1, outcome: { verdict: 'passed' } },
    { event: 'run-ended', at, exitCode: 0, reason: 'completed' },
  ];
  const journal = openJournal(join(out, `${id}.jsonl`));
  for (const event of events) journal.append(event);
  journal.close();
}

async function cockpit(): Promise<{ readonly url: string; readonly end: () => Promise<Ended> }> {
  const serving = startCharter(['cockpit', '--port', '0', ...here()]);
  started.push(serving);
  let url = '';
  await eventually(async () => {
    [, url = ''] = /^cockpit: (\S+) over /.exec(serving.stdout()) ?? [];
    expect(url, serving.child.exitCode === null ? 'it still starts' : (await serving.ended).stderr).not.toBe(
      '',
    );
  }, 120_000);
  const end = () => {
    serving.child.kill('SIGTERM');
    return serving.ended;
  };
  return { url, end };
}

async function page(url: string): Promise<string> {
  const answer = await fetch(url);
  expect([url, answer.status]).toEqual([url, 200]);
  return answer.text();
}

test('runs, runs show, flakes and prune tell of a run whose store nobody named', async () => {
  oldRun('long-ago');
  const ended = await run('flaky');
  expect(ended.code, ended.stderr).toBe(1);
  expect(globSync('store', { cwd: out })).toEqual([]);
  const { rows } = JSON.parse(await told('runs', '--json')) as { rows: RunHead[] };
  expect(rows.map(({ run, status, counts }) => [run === 'long-ago', status, counts])).toEqual([
    [false, 'failed', { tests: 3, pass: 2, fail: 1, err: 0, skip: 0 }],
    [true, 'passed', { tests: 1, pass: 1, fail: 0, err: 0, skip: 0 }],
  ]);
  expect(ended.stdout).toContain('SUMMARY tests=3 pass=2 fail=1 err=0 skip=0');
  expect(await told('store', 'prune', '--dry-run')).toBe('0 would be removed\n');
  expect(await told('store', 'prune', '--dry-run', '--runs', '1')).toBe('long-ago\n1 would be removed\n');
  const listed = await told('runs');
  expect(listed).toMatch(
    new RegExp(`\\n${rows[0]?.run} .* default +failed +2 +1 +0 +0\\nlong-ago .* passed `),
  );
  expect(await told('runs', 'show', 'latest')).toMatch(
    / failed, default, [\s\S]*\nF\/once +failed +expected 'late'/,
  );
  expect(await told('flakes')).toMatch(/\nF\/flaky +default +100\.0 % [\s\S]*\n1 flaky,/);
  expect(globSync('*', { cwd: out })).toContain('store');
});

test('while the cockpit holds the folder others are refused, runs go on, and their journals are taken in', async () => {
  expect((await run('green')).code).toBe(0);
  const { url, end } = await cockpit();
  const statusOf = async () => JSON.parse(await page(`${url}/api/last-run`)) as { green: boolean };
  expect(await statusOf()).toMatchObject({ green: true });
  for (const args of [['runs'], ['store', 'prune']]) {
    const { code, stdout, stderr } = await charter(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`The store ${join(out, 'store')} is open in another process: process `);
    expect(stderr).toContain('CHR_STORE: A folder takes one process at a time');
  }
  expect((await run('flaky')).code).toBe(1);
  // Asked first for what nothing else has asked for since the run.
  await eventually(async () => expect(await page(`${url}/flakes`)).toContain('key=F%2Fflaky'));
  expect(await statusOf()).toMatchObject({ green: false });
  expect((await end()).code).toBe(0);
  expect((await told('runs')).trim().split('\n')).toHaveLength(3);
});

describe('the store of a command that names none', () => {
  test.for([
    ['no charter.yaml', undefined, 'out/store'],
    ['a charter.yaml that says nothing of it', '', 'out/store'],
    ['a folder in charter.yaml, beside which it lies', 'store: { folder: kept }', 'kept'],
  ] as const)('%s', async ([, more, expected]) => {
    const path = join(out, 'charter.yaml');
    const targets = ['keycloak', 'opa', 'trino', 'policySync', 'cockpitBackend'];
    const text = `targets:\n${targets.map((name) => `  ${name}: { url: "http://${name}:80" }\n`).join('')}`;
    if (more !== undefined) writeFileSync(path, `${text}${more}\n`);
    const { place } = await knownStore({ config: path, out: join(out, 'out') }, 'test');
    expect(place).toMatchObject({ kind: 'folder', path: join(out, expected) });
  });
});
