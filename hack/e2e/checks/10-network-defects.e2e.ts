// Defects of the policy engine itself, planted in a real cluster: each has to be red by its name, and green again when it is mended.
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  openWorld,
  outsideTargets,
  type StepDeclaration,
  type StepResult,
  type World,
} from '../../../runner/network/index.ts';
import {
  bridgePast,
  type Mend,
  mend,
  movePolicies,
  removePod,
  replacePod,
  stopDns,
  stopEngine,
  swallow,
} from '../../network/planted.ts';
import { leftBehind, networkRun, proof } from '../../network/runs.ts';
import { type NetworkScene, networkScene } from '../../network/scene.ts';

/** Other work runs on this machine; a wait that is too long costs seconds, one that is too short a verdict. */
const patience = ['--timeout-ms', '2500', '--retry', '0'];

let scene: NetworkScene;
let world: World;
let nodes: readonly string[];
beforeAll(async () => {
  scene = await networkScene();
  await mend(scene);
  nodes = scene.nodes.toSorted();
  const { targets } = await outsideTargets({ kubeconfig: scene.kubeconfig });
  world = await openWorld({
    outside: targets.filter(({ id }) => id === 'dns'),
    ...{ cluster: { kubeconfig: scene.kubeconfig }, image: scene.image, imagePullPolicy: 'Never' },
    ...{ namespaces: ['x', 'y'], pods: ['a', 'b'], nodes, timeoutMs: 2_000, settleMs: 30_000 },
  });
});
/** Closed by the last check, unless there was none. */
let isOpen = () => world !== undefined;
afterAll(async () => {
  if (isOpen()) await world.close();
});

/** Nobody gets into Pods of x and y but y/* into x/b. */
function denying(name: string): StepDeclaration {
  const [x, y] = [world.names.namespace('x'), world.names.namespace('y')];
  const ingress = { policyTypes: ['Ingress' as const] };
  const fromY = [{ from: [{ namespaceSelector: { matchLabels: { ns: 'y' } } }] }];
  return {
    name,
    policies: [
      { metadata: { name: 'all', namespace: x }, spec: { podSelector: {}, ...ingress } },
      { metadata: { name: 'all', namespace: y }, spec: { podSelector: {}, ...ingress } },
      {
        metadata: { name: 'from-y', namespace: x },
        spec: { podSelector: { matchLabels: { pod: 'b' } }, ...ingress, ingress: fromY },
      },
    ],
  };
}

/** `x/a -> x/b` to the one thing that its probes came to, or all of them. */
function pairs({ cells }: StepResult): Readonly<Record<string, string>> {
  const groups = Map.groupBy(cells, ({ from, to }) => `${from} -> ${to}`);
  return Object.fromEntries(
    [...groups].map(([pair, own]) => [
      pair,
      [...new Set(own.map(({ verdict, problem }) => problem ?? verdict))].join(', '),
    ]),
  );
}

async function withPlanted<Result>(planted: Promise<Mend>, look: () => Promise<Result>): Promise<Result> {
  const undo = await planted;
  try {
    return await look();
  } finally {
    await undo();
  }
}

/** The state without policies, so that a deny is seen to come about. */
async function fromOpen(step: StepDeclaration): Promise<StepResult> {
  await world.step({ name: 'open', policies: [] });
  return world.step(step);
}

let isSound = false;
test('the engine is sound: both nodes enforce both directions, and the deny that defects are planted into passes', async () => {
  expect(world.calibration.problems).toEqual([]);
  const sound = await fromOpen(denying('sound'));
  expect(sound.verdict, sound.text).toBe('pass');
  isSound = true;
});

test('of two nodes one does not enforce: its pairs are not-enforced, and only they', async () => {
  const [open] = nodes;
  const seen = await withPlanted(bridgePast(scene, open ?? ''), () =>
    fromOpen({ ...denying('one node'), settleMs: 10_000 }),
  );
  expect(seen.verdict).toBe('fail');
  // Pods are dealt out in turn: the a's are on the first node.
  expect(pairs(seen)).toMatchObject({ 'x/a -> y/a': 'not-enforced', 'y/a -> x/a': 'not-enforced' });
  expect(pairs(seen)).toMatchObject({ 'x/b -> y/b': 'pass', 'x/b -> x/a': 'pass', 'y/b -> x/b': 'pass' });
});

test('packets that vanish where they are allowed are no work of an engine that rejects: the wrong signal, for that pair alone', async () => {
  const seen = await withPlanted(swallow(scene, [addressOf('y/b')], addressOf('x/b')), () =>
    world.step({ ...denying('a dropped talk'), settleMs: 10_000 }),
  );
  expect(seen.verdict).toBe('error');
  expect(pairs(seen)).toMatchObject({
    'y/b -> x/b': 'wrong-signal',
    'y/a -> x/b': 'pass',
    'x/a -> x/b': 'pass',
  });
});

test('a drop on a rejecting engine: where a Pod refuses nobody, its denies have the wrong signal', async () => {
  const controls = world.pods().filter(({ namespace }) => namespace === world.names.namespace('control'));
  const denied = [addressOf('x/a'), ...controls.map(({ ips }) => ips[0] ?? '')];
  const seen = await withPlanted(swallow(scene, denied, addressOf('x/b')), () =>
    world.step({ ...denying('dropped denies'), settleMs: 10_000 }),
  );
  expect(seen.verdict).toBe('error');
  expect(pairs(seen)).toMatchObject({
    'x/a -> x/b': 'wrong-signal',
    'y/a -> x/b': 'pass',
    'y/b -> x/a': 'pass',
  });
});

test('the finding of this engine is as docs/network.md tells it: egress rules let in what ingress denies', async () => {
  const both = { name: 'both', namespace: world.names.namespace('x') };
  // Its policyTypes are defaulted to Ingress. The policy that replaces it is of both types by its own rules, and not by these.
  await fromOpen({
    ...{ name: 'of one type', purpose: 'ground' },
    policies: [{ metadata: both, spec: { podSelector: {} } }],
  });
  const seen = await world.step({
    ...{ name: 'finding', settleMs: 10_000 },
    policies: [{ metadata: both, spec: { podSelector: {}, egress: [{}] } }],
  });
  expect(seen.verdict).toBe('fail');
  expect(pairs(seen)).toMatchObject({
    'x/a -> x/b': 'not-enforced',
    'y/a -> x/b': 'pass',
    'x/a -> y/b': 'pass',
  });
  const each = [
    { name: 'in', spec: { podSelector: {}, policyTypes: ['Ingress' as const] } },
    { name: 'out', spec: { podSelector: {}, policyTypes: ['Egress' as const], egress: [{}] } },
  ];
  const policies = each.map(({ name, spec }) => ({
    metadata: { name, namespace: world.names.namespace('x') },
    spec,
  }));
  const apart = await world.step({ name: 'the same in two policies', policies });
  expect(apart.verdict, apart.text).toBe('pass');
});

test('policies that were applied to the wrong namespace: what should be denied is not, and the reverse', async () => {
  const x = world.names.namespace('x');
  const ofX: StepDeclaration = {
    ...{ name: 'x is denied', purpose: 'ground' },
    policies: [
      { metadata: { name: 'all', namespace: x }, spec: { podSelector: {}, policyTypes: ['Ingress'] } },
    ],
  };
  const sound = await fromOpen(ofX);
  expect(sound.verdict, sound.text).toBe('pass');
  const seen = await withPlanted(movePolicies(scene, x, world.names.namespace('y')), () =>
    world.step({ ...ofX, purpose: 'verdict', settleMs: 10_000 }),
  );
  expect(seen.verdict).toBe('fail');
  expect(pairs(seen)).toMatchObject({ 'x/a -> x/b': 'not-enforced', 'x/a -> y/b': 'blocked' });
});

test('mended, the same deny passes again', async () => {
  const sound = await fromOpen(denying('mended'));
  expect(sound.verdict, sound.text).toBe('pass');
});

test('an engine that is stopped: every deny is not-enforced, the case for enforcement is red, and detection says so', async () => {
  expect(isSound, 'it was unsound before: starting it anew would remove what tells why').toBe(true);
  const { ended, proven } = await withPlanted(stopEngine(scene), async () => ({
    ended: await networkRun(scene, '--case', 'deny.1', ...patience, '--settle-ms', '10000'),
    proven: await proof(scene),
  }));
  expect([proven.code, proven.stdout]).toEqual([1, expect.stringMatching(/not-enforced: /)]);
  expect(ended.code).not.toBe(0);
  const said = Object.fromEntries(
    ended.report.cases.map(({ name, verdict, message }) => [name.split(' ', 1)[0], `${verdict}: ${message}`]),
  );
  expect(said['world.1']).toMatch(/^failed: /);
  expect(said['deny.1']).toMatch(/^failed: not-enforced \(\d+\)/);
});

test('DNS that goes down after the start is a dead peer for everybody, and Pods are judged as before', async () => {
  await fromOpen(denying('before DNS goes'));
  const seen = await withPlanted(stopDns(scene), () =>
    world.step({ ...denying('DNS is down'), settleMs: 10_000 }),
  );
  expect(seen.verdict).toBe('error');
  const toDns = seen.cells.filter(({ to }) => to === 'dns').map(({ problem }) => problem);
  expect(new Set(toDns)).toEqual(new Set(['dead-peer']));
  expect(pairs(seen)).toMatchObject({ 'x/a -> x/b': 'pass', 'y/a -> x/b': 'pass' });
});

test('a Pod that was started anew under its name is a stale address in every cell, and a control peer that is gone is told by name', async () => {
  await world.step({ name: 'open again', policies: [] });
  await replacePod(scene, world.names.namespace('x'), 'a');
  await removePod(scene, world.names.namespace('control'), '0');
  const seen = await world.step({ name: 'another x/a, no control/0', policies: [], settleMs: 15_000 });
  expect(seen.verdict).toBe('error');
  expect(pairs(seen)).toMatchObject({ 'x/a -> x/b': 'stale-address', 'y/b -> x/a': 'stale-address' });
  expect(pairs(seen)).toMatchObject({ 'y/a -> x/b': 'pass', 'x/b -> y/b': 'pass' });
  expect(seen.problems).toEqual([expect.stringContaining('control-failed: control/0')]);
});

test('nothing of all that is left behind', async () => {
  isOpen = () => false;
  await world.close();
  const left = await leftBehind(scene);
  expect(left.filter((name) => name.includes(world.suffix))).toEqual([]);
});

function addressOf(pod: string): string {
  return world.names.address(pod);
}
