// The catalogue against the model: two independent authors of every expectation, the model's rules and a person's words.
import { describe, expect, test } from 'vitest';
import {
  judge,
  type NamespaceInfo,
  type NetworkPolicy,
  type Peer,
  type PodInfo,
  type PortQuery,
  policyProblems,
} from '../../../runner/network/index.ts';
import { type AskedCell, expectation } from './expectation.ts';
import { catalogue } from './index.ts';
import type { Scene, State, Step } from './step.ts';
import { portNames } from './words.ts';

const shorts = ['x', 'y', 'z'];
const all = (state: State): string[] =>
  [...shorts.flatMap((ns) => ['a', 'b', 'c'].map((pod) => `${ns}/${pod}`)), ...(state.morePods ?? [])].filter(
    (name) => !(state.withoutPods ?? []).includes(name),
  );
const addressOf = (name: string): string => {
  const [ns = '', pod = ''] = name.split('/');
  return `10.244.${shorts.indexOf(ns) + 1}.${pod.charCodeAt(0)}`;
};
const real = (short: string) => `${short}-k7f3`;
const scene: Scene = {
  namespace: real,
  address: addressOf,
  apiServer: { address: '172.18.0.4', port: 6443 },
};

const dns: PodInfo = {
  ...{ namespace: 'kube-system', name: 'coredns', labels: { 'k8s-app': 'kube-dns' }, ips: ['10.244.0.2'] },
  ports: [],
};

function podOf(name: string, { podLabels }: State): PodInfo {
  const [ns = '', pod = ''] = name.split('/');
  const [low, high] = pod === 'c' ? [81, 80] : [80, 81];
  return {
    namespace: real(ns),
    name: pod,
    labels: { pod, ...podLabels[name] },
    ips: [addressOf(name)],
    ports: [
      { name: portNames.low, port: low, protocol: 'TCP' },
      { name: portNames.high, port: high, protocol: 'TCP' },
      { name: portNames.lowUdp, port: low, protocol: 'UDP' },
      { name: portNames.highUdp, port: high, protocol: 'UDP' },
    ],
  };
}

const served: readonly PortQuery[] = [80, 81].flatMap((port) =>
  (['TCP', 'UDP'] as const).map((protocol) => ({ port, protocol })),
);
const asked = (name: string): readonly PortQuery[] =>
  name === 'api'
    ? [{ port: 6443, protocol: 'TCP' }]
    : name === 'dns'
      ? [
          { port: 53, protocol: 'UDP' },
          { port: 53, protocol: 'TCP' },
        ]
      : served;

interface Judged {
  readonly cell: AskedCell;
  readonly verdict: string;
}

const known = new Map<Step, readonly Judged[]>();
const modelled = (step: Step): readonly Judged[] => {
  const cells = known.get(step) ?? cellsOf(step);
  known.set(step, cells);
  return cells;
};

/** Every cell of a step as the model sees it; a Pod's own is left to the specification. */
function cellsOf(step: Step): Judged[] {
  const state = step.state(scene);
  const namespaces: NamespaceInfo[] = [
    ...shorts.map((short) => ({ name: real(short), labels: { ns: short, ...state.namespaceLabels[short] } })),
    { name: 'kube-system', labels: {} },
  ];
  const named = new Map<string, PodInfo>(all(state).map((name) => [name, podOf(name, state)]));
  const judged = judge(state.policies as readonly NetworkPolicy[], namespaces, [...named.values(), dns]);
  const targets = new Map<string, Peer>([...named, ['dns', dns], ['api', { ip: scene.apiServer.address }]]);
  return [...named].flatMap(([from, source]) =>
    [...targets]
      .filter(([to]) => to !== from)
      .flatMap(([to, destination]) =>
        asked(to).map((query) => ({
          cell: { from, to, port: Number(query.port), protocol: query.protocol },
          verdict: judged(source, destination, query).verdict,
        })),
      ),
  );
}

const picture = (step: Step): string =>
  modelled(step)
    .map(({ cell, verdict }) => `${cell.from} ${cell.to} ${cell.port} ${cell.protocol} ${verdict}`)
    .join('\n');

test('there are at least 150 steps, each with an id and a title of its own', () => {
  expect(catalogue.length).toBeGreaterThanOrEqual(150);
  expect(new Set(catalogue.map(({ id }) => id)).size).toBe(catalogue.length);
  expect(new Set(catalogue.map(({ title }) => title)).size).toBe(catalogue.length);
});

test('no two steps have the same policies and the same expected matrix', () => {
  const seen = new Map<string, string>();
  for (const step of catalogue) {
    const key = `${JSON.stringify(step.state(scene).policies)}\n${picture(step)}`;
    expect(`${step.id} is ${seen.get(key) ?? step.id}`).toBe(`${step.id} is ${step.id}`);
    seen.set(key, step.id);
  }
});

test('at least 30 steps share the idea of an upstream case, each of another one', () => {
  const named = catalogue.flatMap(({ upstream }) => upstream ?? []);
  expect(new Set(named).size).toBe(named.length);
  expect(named.length).toBeGreaterThanOrEqual(30);
});

test('at least 40 steps carry a person’s expectation; those without say why they cannot', () => {
  const without = catalogue.filter(({ expect: lines }) => lines === undefined);
  expect(catalogue.length - without.length).toBeGreaterThanOrEqual(40);
  expect(without.map(({ needs }) => needs)).toEqual(without.map(() => 'dual-stack'));
});

describe.each(catalogue)('$id $title', (step) => {
  test('the API server would take its policies', () => {
    const { policies } = step.state(scene);
    expect(policies.flatMap((policy) => policyProblems(policy as NetworkPolicy))).toEqual([]);
  });

  test.skipIf(step.expect === undefined)('the model and the person agree in every cell', () => {
    const verdict = expectation(step.expect ?? []);
    const cells = modelled(step);
    expect(cells.length).toBeGreaterThan(200);
    const differing = cells.filter((one) => verdict(one.cell) !== one.verdict);
    expect(
      differing.map(({ cell, verdict: seen }) => `${JSON.stringify(cell)} model: ${seen}`).slice(0, 12),
    ).toEqual([]);
  });
});

test('going on to the next step touches few policies', () => {
  const touched = catalogue.slice(1).map((step, index) => {
    const texts = (one: Step | undefined) =>
      new Set(one?.state(scene).policies.map((policy) => JSON.stringify(policy)) ?? []);
    const before = texts(catalogue[index]);
    return [...texts(step)].filter((text) => !before.has(text)).length;
  });
  expect(Math.max(...touched)).toBeLessThanOrEqual(3);
  expect(touched.reduce((sum, one) => sum + one, 0) / touched.length).toBeLessThan(1.3);
});

describe('the language of expectations', () => {
  const cell: AskedCell = { from: 'x/a', to: 'y/b', port: 80, protocol: 'TCP' };
  test.each([
    [[], 'allowed'],
    [['* -> * no'], 'denied'],
    [['x/a -> y/b yes', '* -> * no'], 'allowed'],
    [['x/* -> */b:80/TCP no'], 'denied'],
    [['x/* -> */b:81 no'], 'allowed'],
    [['x/* -> */b/UDP no'], 'allowed'],
    [['!x/a -> * no'], 'allowed'],
    [['z/a|x/a -> z/a|y/b no'], 'denied'],
    [['* -> dns no'], 'allowed'],
    [['* -> */*:80/TCP no'], 'denied'],
  ] as const)('%j', (lines, verdict) => {
    expect(expectation(lines)(cell)).toBe(verdict);
  });

  test('outside targets are no Pods of the world', () => {
    expect(expectation(['* -> */* no'])({ ...cell, to: 'dns' })).toBe('allowed');
    expect(expectation(['* -> dns no'])({ ...cell, to: 'dns' })).toBe('denied');
  });

  test('a line that cannot be read is refused', () => {
    expect(() => expectation(['x/a reaches y/b'])).toThrow(TypeError);
  });
});
