// Steps of an invented world: what of a step's end belongs to its verdict, and what it leaves for the next one.
import { expect, onTestFinished, test } from 'vitest';
import type { NetworkPolicy } from '../model/types.ts';
import type { StepDeclaration } from './declaration.ts';
import { Stepper } from './stepper.ts';
import { inventedNamespace, inventWorld, type Spoil } from './testing.ts';

function invented(spoil?: Spoil) {
  const world = inventWorld(spoil);
  onTestFinished(world.stop);
  return world;
}

const policy = (podSelector: NetworkPolicy['spec']['podSelector']): NetworkPolicy => ({
  metadata: { name: 'deny', namespace: inventedNamespace('x') },
  spec: { podSelector, policyTypes: ['Ingress'] },
});
/** Nobody reaches x/a: its port talks with nobody, so open before and after have to stand in. */
const nobodyToA: StepDeclaration = {
  ...{ name: 'deny a', policies: [policy({ matchLabels: { pod: 'a' } })] },
};

test('a deny for which nobody can be a control is seen open before and after, and the step says so', async () => {
  const { stepper, policies } = invented();
  await stepper.step({ name: 'open', policies: [] });
  const step = await stepper.step(nobodyToA);
  expect(step.text).toBe('9 cells as expected');
  expect(step).toMatchObject({ verdict: 'pass', standIns: 2 });
  expect(step.cells.flatMap(({ proof }) => (proof === 'open-before-and-after' ? [proof] : []))).toHaveLength(
    2,
  );
  expect(step.writes.map(({ verb }) => verb)).toEqual(['create', 'delete']);
  expect(policies.size).toBe(0);
});

test('a Pod that dies under a total deny makes the step an error: it is not seen open afterwards', async () => {
  const dies: Spoil = (script, { denying }) =>
    denying === 'before' ? { ...script, 'x/b>x/a': ['t', 'unseen'], 'y/a>x/a': ['t', 'unseen'] } : script;
  const { stepper } = invented(dies);
  await stepper.step({ name: 'open', policies: [] });
  const step = await stepper.step({ ...nobodyToA, settleMs: 2_500 });
  expect(step.verdict).toBe('error');
  const shut = step.cells.filter(({ problem }) => problem === 'never-reopened');
  expect(shut.map(({ from, to }) => `${from} ${to}`)).toEqual(['x/b x/a', 'y/a x/a']);
});

test('so does a way between two Pods that is lost under it: that both talk with others is not enough', async () => {
  const isLost: Spoil = (script, { denying }) =>
    denying === 'before' ? { ...script, 'x/b>x/a': ['t', 'unseen'] } : script;
  const { stepper } = invented(isLost);
  await stepper.step({ name: 'open', policies: [] });
  const step = await stepper.step({ ...nobodyToA, settleMs: 2_500 });
  expect(step.verdict).toBe('error');
  const shut = step.cells.filter(({ problem }) => problem === 'never-reopened');
  expect(shut.map(({ from, to }) => `${from} ${to}`)).toEqual(['x/b x/a']);
});

test('ground stays as declared, for the step that follows it', async () => {
  const { stepper, policies } = invented();
  await stepper.step({ name: 'open', policies: [] });
  const ground = await stepper.step({ ...nobodyToA, purpose: 'ground' });
  expect(ground).toMatchObject({ verdict: 'pass', standIns: 2 });
  expect(policies.size).toBe(1);
});

test('policies that somebody else has written count, and are left alone', async () => {
  const { stepper, writer, policies } = invented();
  await stepper.step({ name: 'open', policies: [] });
  for (const found of nobodyToA.policies) await writer.putPolicy(found);
  writer.taken();
  const step = await stepper.step({ name: 'found', policies: [], found: nobodyToA.policies });
  expect(step).toMatchObject({ verdict: 'pass', standIns: 2, writes: [] });
  expect(policies.size).toBe(1);
  for (const found of nobodyToA.policies) await writer.deletePolicy(found);
  expect(await stepper.step({ name: 'gone', policies: [] })).toMatchObject({ verdict: 'pass', standIns: 0 });
});

test('a deny by policies that were found rests on pairs that have to talk once they are gone: another process in their place is not they', async () => {
  const { stepper, writer, restart } = invented();
  await stepper.step({ name: 'open', policies: [] });
  for (const found of nobodyToA.policies) await writer.putPolicy(found);
  await stepper.step({ name: 'found', policies: [], found: nobodyToA.policies });
  restart('x/a');
  for (const found of nobodyToA.policies) await writer.deletePolicy(found);
  const gone = await stepper.step({ name: 'gone', policies: [] });
  expect(gone.verdict).toBe('error');
  const shut = (pair: string) => expect.stringMatching(new RegExp(`^never-reopened: ${pair} .*'found'`));
  expect(gone.problems).toEqual([
    shut('x/b boot-x/b asks TCP of x/a boot-x/a serves'),
    shut('y/a boot-y/a asks TCP of x/a boot-x/a serves'),
  ]);
  expect(await stepper.step({ name: 'still open', policies: [] })).toMatchObject({ verdict: 'pass' });
});

test('policies that should be there and are not enforced fail the step', async () => {
  const { stepper } = invented();
  await stepper.step({ name: 'open', policies: [] });
  const step = await stepper.step({ ...nobodyToA, policies: [], found: nobodyToA.policies, settleMs: 700 });
  expect(step.verdict).toBe('fail');
  expect(step.text).toContain('not-enforced');
});

test('where only refusals are missing, a step waits as long as they are rationed', async () => {
  let denyingSince = Number.POSITIVE_INFINITY;
  const rationed: Spoil = (script, { denying }) => {
    if (denying !== 'now') return script;
    denyingSince = Math.min(denyingSince, performance.now());
    const isRefused = performance.now() > denyingSince + 1_500;
    const timedOut = Object.entries(script).map(([pair, told]) => [
      pair,
      told[0] === 'r' ? ['t', 'unseen'] : told,
    ]);
    return isRefused ? script : Object.fromEntries(timedOut);
  };
  const { stepper } = invented(rationed);
  await stepper.step({ name: 'open', policies: [] });
  // Three Pods that deny in two directions: six seconds more.
  const policies = ['x', 'y'].map(
    (short): NetworkPolicy => ({
      metadata: { name: 'deny', namespace: inventedNamespace(short) },
      spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
    }),
  );
  const step = await stepper.step({ name: 'deny all', policies, settleMs: 700, purpose: 'ground' });
  expect(step.verdict, step.text).toBe('pass');
});

test('a label of somebody else that a policy selects by is no verdict on the engine', async () => {
  const { stepper, writer } = invented();
  writer.labelsOf = () => ({ team: 'red' });
  await expect(stepper.step({ name: 'open', policies: [] })).resolves.toMatchObject({ verdict: 'pass' });
  const exists = { matchExpressions: [{ key: 'team', operator: 'Exists' as const }] };
  const spec = { podSelector: exists, policyTypes: ['Ingress' as const] };
  const policies = [{ metadata: { name: 'deny', namespace: inventedNamespace('x') }, spec }];
  await expect(stepper.step({ name: 'deny', policies })).rejects.toThrow(
    /is stored as another one than was sent: metadata.labels.team is "red"/,
  );
});

test('a step that could not be brought about makes every later one an error, also one that changes nothing', async () => {
  const refused = () => Promise.reject(new Error('the API server is away'));
  const writer = { putPolicy: refused, deletePolicy: refused, taken: () => [] };
  const stage = { suffix: 'ab12', writer, probers: { pods: [] } };
  const settings = { namespaces: ['x'], pods: ['x/a'], outside: [], settleMs: 100, signal: undefined };
  const stepper = new Stepper(stage as never, settings as never);
  const denied = { metadata: { name: 'deny', namespace: 'x' }, spec: { podSelector: {} } };
  const step = { name: 'deny.1', policies: [denied] } as never;
  await expect(stepper.step(step)).rejects.toThrow('the API server is away');
  const same = stepper.step(step);
  await expect(same).rejects.toMatchObject({ code: 'CHR_WORLD' });
  await expect(stepper.step({ name: 'open', policies: [] })).rejects.toThrow('the API server is away');
});

test('latency is counted from the last write that the step declares, not from the plan that followed it', async () => {
  const { stepper, writer } = invented();
  await stepper.step({ name: 'open', policies: [] });
  // Pods that come hold the step up for as long as their plan takes.
  const { putPolicy } = writer;
  const planMs = 800;
  writer.putPolicy = async (one) => {
    await putPolicy(one);
    await new Promise((resolve) => setTimeout(resolve, planMs));
  };
  const step = await stepper.step({ ...nobodyToA, purpose: 'ground' });
  expect(step.verdict, step.text).toBe('pass');
  expect(step.latency?.p50).toBeGreaterThanOrEqual(planMs);
});

test('what must not change is looked at for as long as changes usually take', async () => {
  let state: { readonly is: 'slow' | 'quick'; readonly since: number } | undefined;
  const late: Spoil = (script, { denying }) => {
    const sinceMs = performance.now() - (state?.since ?? Number.POSITIVE_INFINITY);
    if (state?.is === 'slow' && denying === 'now' && sinceMs < 1_200)
      return { ...script, 'x/b>x/a': ['o', 'seen'], 'y/a>x/a': ['o', 'seen'] };
    // Two cycles are told by then.
    if (state?.is === 'quick' && sinceMs > 900) return { ...script, 'y/a>x/b': ['r', 'unseen'] };
    return script;
  };
  const { stepper } = invented(late);
  await stepper.step({ name: 'open', policies: [] });
  state = { is: 'slow', since: performance.now() };
  expect(await stepper.step({ ...nobodyToA, purpose: 'ground' })).toMatchObject({ verdict: 'pass' });
  state = { is: 'quick', since: performance.now() };
  const step = await stepper.step({ name: 'open again', policies: [], settleMs: 4_000 });
  expect(step.verdict).toBe('fail');
  expect(step.cells.find(({ problem }) => problem === 'blocked')).toMatchObject({ from: 'y/a', to: 'x/b' });
});
