// Campaign NET as a run: against a cluster that the model plays, healthy, broken, dying, and without any.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test, vi } from 'vitest';
import type { Rehearsed } from '../../fixtures/network/rehearsal.ts';
import { readLeftBehind, runCharter } from '../../fixtures/testing/index.ts';
import { catalogue } from './catalogue/index.ts';
import type { DetailLine } from './details.ts';
import { shortForm } from './short.ts';

// Whole runs, on a machine that may be busy.
vi.setConfig({ testTimeout: 90_000 });

const root = resolve(import.meta.dirname, '..', '..');
const homes: string[] = [];
afterAll(() => {
  for (const home of homes) rmSync(home, { recursive: true, force: true });
});

interface Ran extends ReturnType<typeof readLeftBehind> {
  readonly code: number | null;
  readonly output: string;
  /** Of this run; another one has written to the file before. */
  readonly details: readonly DetailLine[];
}

async function rehearse(
  broken: Rehearsed | 'no-details' | undefined,
  ...flags: readonly string[]
): Promise<Ran> {
  const home = mkdtempSync(join(tmpdir(), 'charter-rehearsal-'));
  homes.push(home);
  const stage = pathToFileURL(join(root, 'fixtures', 'network', 'rehearsal.ts')).href;
  const details = join(home, 'details.ndjson');
  writeFileSync(details, '{"run":"another","step":"deny.1","pairs":[["x/a","x/b","80/TCP",99999]]}\n');
  const file = broken === 'no-details' ? join(home, 'absent', 'details') : details;
  const env =
    broken === undefined
      ? {}
      : {
          CHARTER_NETWORK: JSON.stringify({ stage, details: { file, run: 'this' } }),
          CHARTER_REHEARSAL: broken === 'no-details' ? 'nothing' : broken,
          CHARTER_REHEARSAL_MARK: join(home, 'died'),
        };
  const out = join(home, 'out');
  const suites = join(root, 'suites', 'network');
  const config = join(home, 'charter.yaml');
  const charter = readFileSync(join(root, 'fixtures', 'campaigns', 'charter.yaml'), 'utf8');
  writeFileSync(config, charter.replace(/^budgets: .*$/m, 'budgets: { caseMs: 60000 }'));
  const args = ['run', '--config', config, '--suites', suites, '--out', out, '--retry', '0', ...flags];
  const { code, stdout, stderr } = await runCharter(args, { env: { CHARTER_EMBEDDED: 'true', ...env } });
  const lines = readFileSync(details, 'utf8').split('\n').filter(Boolean).slice(1);
  return {
    ...{ code, output: stdout + stderr, details: lines.map((line) => JSON.parse(line)) },
    ...readLeftBehind(out),
  };
}

const verdictsOf = ({ state }: Ran): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { attempts } of state.cases.values()) {
    const verdict = attempts.at(-1)?.outcome?.verdict ?? 'none';
    counts[verdict] = (counts[verdict] ?? 0) + 1;
  }
  return counts;
};

const latencyOfRun = ({ state }: Ran) => state.properties.get('network-latency-ms run');
const changedPairs = ({ details }: Ran) => details.reduce((sum, { pairs }) => sum + pairs.length, 0);

test('on a sound cluster every step passes, and what it cannot do is skipped with the reason', async () => {
  const ran = await rehearse('nothing');
  const needy = catalogue.filter(({ needs }) => needs !== undefined).length;
  expect(verdictsOf(ran)).toEqual({ passed: catalogue.length + 1 - needy, skipped: needy });
  expect(ran.junit).toContain('Pods of this cluster have no IPv6 address');
  expect(ran.junit).toContain('the prober speaks no SCTP');
  expect(ran.junit).toContain('network-latency-ms deny.1');
  expect(ran.junit).not.toContain('network-not-judged');
  expect(latencyOfRun(ran)).toBe(`p50 400, p95 400, max 400 (${changedPairs(ran)} pairs)`);
  expect(ran.junit.match(/network-latency-ms run/g)).toHaveLength(1);
  expect(ran.output).toMatch(/rehearsal closed after \d+ steps/);
});

test('without enforcement no step that expects a deny passes, and both matrices are told', async () => {
  const ran = await rehearse('no-enforcement', '--tag', 'deny');
  // deny.7 expects nothing denied.
  expect(verdictsOf(ran)).toEqual({ failed: 14, passed: 1 });
  expect(ran.junit).toContain('not-enforced (');
  expect(ran.junit).toContain('x/b -&gt; x/a 80/TCP: denied');
  expect(ran.junit).toContain('x/b -&gt; x/a 80/TCP: allowed (not-enforced)');
});

test('a step whose ground is red proves nothing: it is an error, also where nothing is denied any more', async () => {
  const ran = await rehearse('no-enforcement', '--tag', 'changes', '--tag', 'labels');
  const verdictOf = (id: string) => ran.state.cases.get(`NET/${id}`)?.attempts.at(-1)?.outcome;
  for (const step of catalogue.filter(({ follows }) => verdictOf(follows ?? '')?.verdict === 'failed'))
    expect(verdictOf(step.id)?.failure?.message, step.id).toContain(
      `the step before, ${step.follows}, is itself fail`,
    );
  expect(verdictsOf(ran).error).toBeGreaterThan(5);
});

test('after a step with other Pods all are back and have talked before the next one denies', async () => {
  const ran = await rehearse('nothing', '--case', 'pods.4', '--case', 'services.5');
  expect(verdictsOf(ran)).toEqual({ passed: 2 });
  // The step that pods.4 follows on, itself, all Pods without policies, services.5.
  expect(ran.output).toContain('rehearsal closed after 4 steps');
});

test('a step that builds on one with other Pods finds them as they are: none comes or goes twice', async () => {
  const ran = await rehearse('rests', '--case', 'pods.6', '--case', 'pods.7');
  expect(verdictsOf(ran)).toEqual({ passed: 2 });
  // pods.5, pods.6, whose policies went when it was judged; pods.6 again, pods.7.
  expect(ran.output).toContain('rehearsal closed after 4 steps');
});

test('where every Pod runs on the API server’s node, steps about it are skipped with the reason', async () => {
  const ran = await rehearse('one-node', '--tag', 'services');
  expect(verdictsOf(ran)).toEqual({ passed: 5, skipped: 5 });
  expect(ran.junit).toContain('no cell to api can be judged');
  const why = '9 to api: traffic with a node or its network, which the specification leaves to the engine';
  expect(ran.state.properties.get('network-not-judged services.1')).toBe(why);
  const [line] = ran.details;
  expect(line?.notJudged).toHaveLength(9);
  expect(line?.notJudged[0]).toEqual(['x/a', 'api', '6443/TCP', 'implementation-defined', 'denied']);
});

test('a leak that healed within its step is told in the report', async () => {
  const ran = await rehearse('healed-leak', '--case', 'deny.1');
  expect(verdictsOf(ran)).toEqual({ passed: 1 });
  expect(ran.junit).toContain('network-transients deny.1');
  const [attempt] = ran.state.cases.get('NET/deny.1')?.attempts ?? [];
  expect(attempt?.warnings).toEqual([
    expect.stringContaining('a leak that healed: denied, but for a while not: x/a -> x/b 80/TCP in 1 cycle'),
  ]);
});

test('where the details cannot be written the step warns, and is judged as it was', async () => {
  const ran = await rehearse('no-details', '--case', 'deny.1');
  expect(verdictsOf(ran)).toEqual({ passed: 1 });
  const [attempt] = ran.state.cases.get('NET/deny.1')?.attempts ?? [];
  expect(attempt?.warnings).toEqual([
    expect.stringMatching(/^the details of this step could not be written: .*ENOENT/),
  ]);
  expect(ran.state.properties.get('network-latency-ms run')).toContain('p50 400');
});

test('a world that does not open is tried once, and every step says why', async () => {
  const ran = await rehearse('no-start', '--tag', 'deny');
  expect(verdictsOf(ran)).toEqual({ error: 15 });
  expect(ran.junit).toContain('ImagePullBackOff');
});

test('a worker that dies in the middle costs the step it was in; the others are judged in a new world', async () => {
  const ran = await rehearse('dies-once', '--tag', 'changes');
  expect(verdictsOf(ran)).toEqual({ passed: 12, error: 1 });
  expect(ran.state.cases.get('NET/changes.5')?.attempts.at(-1)?.outcome?.verdict).toBe('error');
  expect(ran.details.map(({ step }) => step)).toHaveLength(11);
  expect(latencyOfRun(ran)).toContain(`(${changedPairs(ran)} pairs)`);
});

test('a call that fails once costs the step it was made for; the others are judged in a new world', async () => {
  const ran = await rehearse('refuses-once', '--tag', 'changes');
  expect(verdictsOf(ran)).toEqual({ passed: 12, error: 1 });
  expect(ran.state.cases.get('NET/changes.5')?.attempts.at(-1)?.outcome?.verdict).toBe('error');
  expect(ran.output.match(/rehearsal closed/g)).toHaveLength(2);
});

test('where every world breaks, five are opened, and each step says why', async () => {
  const ran = await rehearse('refuses-always', '--tag', 'deny');
  expect(verdictsOf(ran)).toEqual({ passed: 1, error: 14 });
  expect(ran.output.match(/rehearsal closed/g)).toHaveLength(5);
  expect(ran.junit).toContain('the API server is away');
});

test('without a cluster every step is skipped, and nothing is proven', async () => {
  const ran = await rehearse(undefined, '--tag', 'short');
  expect(verdictsOf(ran)).toEqual({ skipped: shortForm.size + 1 });
  expect(ran.code).toBe(3);
  expect(ran.junit).toContain('start this campaign with `charter network run`');
});

test('the short form names steps that exist, of every family', () => {
  const families = new Set(catalogue.map(({ family }) => family));
  const taken = catalogue.filter(({ id }) => shortForm.has(id));
  expect(taken).toHaveLength(shortForm.size);
  expect(new Set(taken.map(({ family }) => family))).toEqual(families);
});
