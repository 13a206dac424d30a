// `charter network explain`, `matrix`, `lint` and `detect` as a user calls them: answers, exit codes, and what a refused read is.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { runCharter } from '../../fixtures/testing/index.ts';
import { answerJson, scriptedServer } from '../kube/testing/index.ts';

// A dozen processes: quick on an idle machine, and never red on one that is not.
vi.setConfig({ testTimeout: 120_000 });

const shop = ['-f', resolve(import.meta.dirname, '../../fixtures/network/manifests')];
const folder = mkdtempSync(join(tmpdir(), 'charter-network-'));
afterAll(() => rmSync(folder, { recursive: true }));

const network = (...args: readonly string[]) => runCharter(['network', ...args]);
const explain = (from: string, to: string, port: string, ...more: readonly string[]) =>
  network('explain', ...shop, '--from', from, '--to', to, '--port', port, ...more);

describe('explain', () => {
  test('tells verdict, deciding rule and change; --expect makes it a check', async () => {
    const [allowed, denied] = await Promise.all([
      explain('shop/api', 'shop/db', 'sql', '--expect', 'denied'),
      explain('shop/web', 'shop/db', '5432', '--expect', 'denied', '-o', 'json'),
    ]);
    expect([allowed.code, allowed.stdout]).toEqual([
      1,
      expect.stringMatching(/^ALLOWED: .*shop\/db spec\.ingress\[0\]: from\[0\], ports\[0\]/s),
    ]);
    expect(denied.code).toBe(0);
    expect(JSON.parse(denied.stdout)).toMatchObject({
      verdict: 'denied',
      changes: [{ kind: 'add-rule', policy: 'shop/db' }],
    });
  });

  test('what was not understood ends with 2 and a hint', async () => {
    const [peer, port, both] = await Promise.all([
      explain('shop/wbe', 'shop/db', '80'),
      explain('shop/web', 'shop/db', '70000'),
      explain('shop/web', 'shop/db', '80', '--context', 'c'),
    ]);
    expect([peer.code, peer.stderr]).toEqual([2, expect.stringContaining('did you mean shop/web?')]);
    expect([port.code, port.stderr]).toEqual([2, expect.stringContaining('70000')]);
    expect([both.code, both.stderr]).toEqual([2, expect.stringContaining('not both')]);
  });
});

describe('matrix', () => {
  test('no place to write is 5, no way to a cluster is 2', async () => {
    const [unwritten, nowhere] = await Promise.all([
      network('matrix', ...shop, '--out', join(folder, 'absent', 'matrix.svg')),
      network('matrix', '--kubeconfig', join(folder, 'absent')),
    ]);
    expect([unwritten.code, unwritten.stderr]).toEqual([5, expect.stringContaining('CHR_REPORT_UNWRITABLE')]);
    expect([nowhere.code, nowhere.stderr]).toEqual([2, expect.stringContaining('CHR_KUBECONFIG')]);
  });

  test('writes a page to a file', async () => {
    const out = join(folder, 'matrix.html');
    const { code } = await network('matrix', ...shop, '--format', 'html', '--port', '5432', '--out', out);
    expect([code, readFileSync(out, 'utf8')]).toEqual([
      0,
      expect.stringContaining('<caption>port 5432/TCP</caption>'),
    ]);
  });
});

describe('lint', () => {
  test('ends with 1 on errors, with --strict also on warnings', async () => {
    const file = join(folder, 'bad.yaml');
    writeFileSync(
      file,
      'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: p }\nspec: { egress: [] }\n',
    );
    const [good, strict, bad] = await Promise.all([
      network('lint', ...shop),
      network('lint', ...shop, '--strict'),
      network('lint', '-f', file, '-o', 'json'),
    ]);
    expect([good.code, strict.code, bad.code]).toEqual([0, 1, 1]);
    expect(good.stdout).toContain('peer-matches-no-namespace');
    expect(JSON.parse(bad.stdout)).toMatchObject({
      findings: [{ rule: 'empty-egress-without-type', severity: 'error' }],
    });
  });
});

test('a read that RBAC refuses is an error with exit code 4, never an empty answer', async () => {
  await using server = await scriptedServer((request, response) =>
    request.url?.includes('/networkpolicies')
      ? answerJson(response, 403, {
          kind: 'Status',
          reason: 'Forbidden',
          message: 'may not list networkpolicies',
        })
      : answerJson(response, 200, {
          kind: 'List',
          apiVersion: 'v1',
          metadata: { resourceVersion: '1' },
          items: [],
        }),
  );
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, server.kubeconfig);
  const all = await Promise.all([
    network('matrix', '--kubeconfig', kubeconfig),
    network('lint', '--kubeconfig', kubeconfig),
    network('explain', '--kubeconfig', kubeconfig, '--from', 'x/a', '--to', 'x/b', '--port', '80'),
  ]);
  for (const { code, stdout, stderr } of all)
    expect([code, stdout, stderr]).toEqual([4, '', expect.stringContaining('CHR_KUBE_FORBIDDEN')]);
});

test('detection by names says that nobody has tried a deny, and is as sure of the engine as before', async () => {
  const agent = {
    metadata: { namespace: 'kube-system', name: 'kube-router' },
    spec: { template: { spec: { containers: [{ name: 'kube-router', image: 'kube-router' }] } } },
    status: { desiredNumberScheduled: 1, numberReady: 1 },
  };
  await using server = await scriptedServer(({ url = '' }, response) =>
    answerJson(response, 200, {
      metadata: { resourceVersion: '1' },
      items: url.includes('/daemonsets') ? [agent] : [],
    }),
  );
  const kubeconfig = join(folder, 'detected');
  writeFileSync(kubeconfig, server.kubeconfig);
  const [text, json] = await Promise.all([
    network('detect', '--kubeconfig', kubeconfig),
    network('detect', '--kubeconfig', kubeconfig, '-o', 'json'),
  ]);
  expect([text.code, json.code]).toEqual([0, 0]);
  expect(text.stdout).toMatch(/^policy engine {2}kube-router$/m);
  expect(text.stdout).toMatch(/^deny {11}not tried: names prove nothing \(--prove --image …\)$/m);
  expect(JSON.parse(json.stdout)).toMatchObject({ policyEngine: 'kube-router', deny: 'not-tried' });
});
