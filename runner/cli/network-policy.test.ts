// `charter network policy` as people call it, and the words that it refuses.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { runCharter } from '../../fixtures/testing/index.ts';
import { answerJson, scriptedServer } from '../kube/testing/index.ts';
import { brokerOf, labelsOf } from './network-policy.ts';

test('a policy is printed without a cluster, and the missing ranges are told', async () => {
  const words = ['network', 'policy', '--name', 'w', '-n', 'agents', '-l', 'app=w'];
  const { code, stdout, stderr } = await runCharter([...words, '--broker', 'akko/app=broker:4222,9000/UDP']);
  expect(code).toBe(0);
  expect(stderr).toContain(
    'no --range was given, and Pod ranges and Service ranges of the cluster are not known',
  );
  const { kind, spec } = parse(stdout) as { kind: string; spec: { egress: { ports?: unknown }[] } };
  expect(kind).toBe('NetworkPolicy');
  expect(spec.egress.at(-1)?.ports).toEqual([
    { port: 4222, protocol: 'TCP' },
    { port: 9000, protocol: 'UDP' },
  ]);
}, 60_000);

describe('ranges of a cluster', () => {
  const public4 = '198.51.100.0/24';
  const node = { metadata: { name: 'n' }, spec: { podCIDRs: ['203.0.113.0/24'] } };
  const refusal = (code: number, reason: string) => ({ kind: 'Status', code, reason, message: reason });
  const cidr = { metadata: { name: 'kubernetes' }, spec: { cidrs: [public4] } };

  test.each<[string, number, object, readonly string[], readonly string[], string]>([
    ['1.33 or newer', 200, { items: [cidr] }, [], ['203.0.113.0/24', public4], ''],
    [
      'older',
      404,
      refusal(404, 'NotFound'),
      [],
      ['203.0.113.0/24'],
      'no --range was given, and Service ranges of the cluster are not known: where they are public addresses, they stay allowed\n',
    ],
    [
      'one that does not let them be read',
      403,
      refusal(403, 'Forbidden'),
      ['--range', public4],
      [public4, '203.0.113.0/24'],
      '',
    ],
  ])(
    '%s',
    async (_what, status, answer, flags, left, told) => {
      await using server = await scriptedServer(({ url = '' }, response) =>
        url.includes('/servicecidrs')
          ? answerJson(response, status, { metadata: { resourceVersion: '1' }, ...answer })
          : answerJson(response, 200, { metadata: { resourceVersion: '1' }, items: [node] }),
      );
      const folder = mkdtempSync(join(tmpdir(), 'charter-policy-'));
      onTestFinished(() => rmSync(folder, { recursive: true }));
      const kubeconfig = join(folder, 'kubeconfig');
      writeFileSync(kubeconfig, server.kubeconfig);
      const words = ['network', 'policy', '--name', 'w', '-n', 'agents', '-l', 'app=w'];
      const ran = await runCharter([...words, '--kubeconfig', kubeconfig, ...flags]);
      expect([ran.code, ran.stderr]).toEqual([0, told]);
      const excepted = [...ran.stdout.matchAll(/^ +- ((?:198|203)\S+)$/gm)].map(([, range]) => range);
      expect(excepted).toEqual(left);
    },
    60_000,
  );
});

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
