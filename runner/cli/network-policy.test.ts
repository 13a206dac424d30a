// `charter network policy` as people call it, and the words that it refuses.
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { runCharter } from '../../fixtures/testing/index.ts';
import { brokerOf, labelsOf } from './network-policy.ts';

test('a policy is printed without a cluster, and the missing ranges are told', async () => {
  const words = ['network', 'policy', '--name', 'w', '-n', 'agents', '-l', 'app=w'];
  const { code, stdout, stderr } = await runCharter([...words, '--broker', 'akko/app=broker:4222,9000/UDP']);
  expect(code).toBe(0);
  expect(stderr).toContain('no --range was given');
  const { kind, spec } = parse(stdout) as { kind: string; spec: { egress: { ports?: unknown }[] } };
  expect(kind).toBe('NetworkPolicy');
  expect(spec.egress.at(-1)?.ports).toEqual([
    { port: 4222, protocol: 'TCP' },
    { port: 9000, protocol: 'UDP' },
  ]);
}, 60_000);

test.each([
  ['app=web', { app: 'web' }],
  ['app=web, akko.io/tier=front', { app: 'web', 'akko.io/tier': 'front' }],
  ['present=', { present: '' }],
])('%s', (text, labels) => {
  expect(labelsOf(text)).toEqual(labels);
});

test.each(['', 'app', '=web', 'app=web,', 'app=a b'])('the selector %j is refused', (text) => {
  expect(() => labelsOf(text)).toThrow('is no key=value');
});

test.each(['akko', 'akko/app=b', 'akko/app:1', 'akko/app=b:0', 'akko/app=b:99999', 'akko/app=b:x'])(
  'the broker %j is refused',
  (text) => {
    expect(() => brokerOf(text)).toThrow();
  },
);
