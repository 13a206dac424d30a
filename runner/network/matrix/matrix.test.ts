// The forms of a matrix: grouped without hiding, 80 columns at any size, pages without anything from outside.
import { XMLValidator } from 'fast-xml-parser';
import { describe, expect, test } from 'vitest';
import { namespaces, pod, pods, policy, tcp } from '../model/testing.ts';
import type { NetworkPolicy, PodInfo } from '../model/types.ts';
import type { NetworkState } from '../state/types.ts';
import { drawMatrix, type MatrixRequest, matrixOf } from './matrix.ts';
import { declaredPorts } from './ports.ts';

function stateOf(given: readonly PodInfo[], policies: readonly NetworkPolicy[]): NetworkState {
  return {
    policies,
    namespaces,
    pods: given,
    services: [],
    endpoints: [],
    source: '<a test>',
    notJudged: [],
  };
}

const all: MatrixRequest = { ports: [tcp(80)], externals: [], by: 'workload', namespaces: [] };
const usual = Object.values(pods);
const closed = policy('x', { podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] });
const text = (state: NetworkState, request: Partial<MatrixRequest> = {}) =>
  drawMatrix(matrixOf(state, { ...all, ...request }), 'text', '');

const replica = (index: number): PodInfo =>
  pod('x', `web-${index}`, `10.1.7.${index}`, { workload: 'Deployment/web', labels: { app: 'web' } });

describe('text', () => {
  test('sources down, destinations across', () => {
    expect(text(stateOf(usual, [closed]))).toBe(
      [
        'port 80/TCP, from the line to the column',
        '      1 2 3 4 5',
        '1 x/a . . . . .',
        '2 x/b . . . . .',
        '3 y/a X X . . .',
        '4 y/b X X . . .',
        '5 z/a X X . . .',
        '',
        '. allowed   X denied',
      ].join('\n'),
    );
  });

  test('Pods of a workload are one line; where they differ it says so', () => {
    const one = policy('x', {
      podSelector: { matchLabels: { app: 'web' } },
      ingress: [{ from: [{ ipBlock: { cidr: '10.1.7.1/32' } }] }],
    });
    const drawn = text(stateOf([replica(1), replica(2), pods.ya], [one]));
    expect(drawn).toContain('1 x/web x2 ~ .');
    expect(drawn).toContain('2 y/a      X .');
    expect(text(stateOf([replica(1), replica(2)], [one]), { by: 'pod' })).toContain('2 x/web-2 X .');
  });

  test('a Pod to itself does not blur what its group says', () => {
    const deny = policy('x', { podSelector: {} });
    expect(text(stateOf([replica(1), replica(2)], [deny]))).toContain('1 x/web x2 X');
    expect(text(stateOf([replica(1)], [deny]))).toContain('1 x/web .');
  });

  test('200 Pods with long names stay on 80 columns, each with its line in each block', () => {
    const many = Array.from({ length: 200 }, (_, index) =>
      pod('a-namespace-with-a-long-name', `and-a-workload-with-a-longer-one-${index}`, `10.5.0.${index}`),
    );
    const lines = text(stateOf(many, [])).split('\n');
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
    const signs = lines
      .filter((line) => /^ *\d+ a-name/.test(line))
      .map((line) => line.match(/ {3}\./g)?.length ?? 0);
    expect(signs.reduce((sum, count) => sum + count, 0)).toBe(200 * 200);
  });

  test('without Pods it says so', () => expect(text(stateOf([], []))).toContain('no Pod'));

  test('policies of namespaces that are not shown still count', () => {
    const drawn = text(stateOf(usual, [policy('y', { podSelector: {}, policyTypes: ['Egress'] })]), {
      namespaces: ['x', 'y'],
    });
    expect(drawn).toContain('3 y/a X X . X');
    expect(drawn).not.toContain('z/a');
  });

  test('an address that is a Pod’s is that Pod, also where its namespace is not shown', () => {
    const fromY = policy('x', {
      ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: 'y' } } }] }],
    });
    const request = { namespaces: ['x'], externals: [{ ip: '10.2.0.1' }, { ip: '10.3.0.1' }] };
    const drawn = text(stateOf(usual, [fromY]), request);
    expect(drawn).toMatch(/^1 10\.2\.0\.1 +\. \.$/m);
    expect(drawn).toMatch(/^2 10\.3\.0\.1 +X X$/m);
  });

  test('an address outside is a line too', () => {
    const drawn = text(stateOf([pods.xa], [closed]), { externals: [{ ip: '203.0.113.7' }] });
    expect(drawn).toContain('1 203.0.113.7   X');
  });
});

describe('pages', () => {
  const hostile = pod('x', '<script>"&', '10.1.0.9');
  const state = stateOf([...usual, hostile], [closed]);

  test('HTML needs nothing from outside, escapes what it is given, tells the deciding rule', () => {
    const html = drawMatrix(matrixOf(state, all), 'html', '<a test>');
    expect(html).not.toMatch(/<script|src=|href=|url\(|<a test>/);
    expect(html).toContain('x/&lt;script&gt;&quot;&amp;');
    expect(html).toContain('prefers-color-scheme:dark');
    expect(html).toContain(
      'denied; egress allowed, no policy isolates it; ingress denied, isolated by x/p; no rule matches',
    );
    expect(html.match(/<td class="/g)).toHaveLength(6 * 6);
    expect(html.match(/<th scope="row">/g)).toHaveLength(6);
  });

  test('SVG is well-formed and holds every cell', () => {
    const svg = drawMatrix(matrixOf(state, { ...all, ports: [tcp(80), tcp(81)] }), 'svg', '');
    expect(XMLValidator.validate(svg)).toBe(true);
    expect(svg.match(/<rect class="(allowed|denied)"/g)).toHaveLength(2 * 6 * 6);
  });

  test('JSON holds each verdict with its reason', () => {
    const json = JSON.parse(drawMatrix(matrixOf(state, all), 'json', 's')) as {
      cells: { from: string; to: string; verdict: string; why: string }[];
    };
    expect(json.cells).toHaveLength(36);
    const cell = json.cells.find(({ from, to }) => from === 'y/a' && to === 'x/a');
    expect(cell).toMatchObject({ verdict: 'denied', why: expect.stringContaining('isolated by x/p') });
  });
});

test('ports: those that are declared most, the others are named', () => {
  const ports = [80, 81, 82, 83, 84].map((port) => ({ port, protocol: 'TCP' as const }));
  const given = [pod('x', 'a', '', { ports }), pod('x', 'b', '', { ports: ports.slice(3) })];
  const { ports: asked, leftOut } = declaredPorts(given);
  expect(asked.map(({ port }) => port)).toEqual([83, 84, 80, 81]);
  expect(leftOut.map(({ port }) => port)).toEqual([82]);
  expect(matrixOf(stateOf(given, []), { ...all, ports: [] }).remarks).toEqual([
    'ports left out, ask with --port: 82/TCP',
  ]);
  expect(declaredPorts([pod('x', 'a', '', { ports: [] })]).ports).toEqual([tcp(80)]);
});
