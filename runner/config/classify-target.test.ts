import { describe, expect, test } from 'vitest';
import { classifyTarget, urlProblem } from './classify-target.ts';

const longLabel = 'a'.repeat(64);

describe('a target URL leads to', () => {
  test.each([
    // Service names
    ['http://akko-akko-trino:8080', 'service'],
    ['https://trino', 'service'],
    ['http://trino/base/path', 'service'],
    ['http://AKKO-Trino:8080', 'service'],
    ['HTTP://trino', 'service'],
    ['http://trino.akko.svc:8080', 'service'],
    ['http://trino.akko.svc.cluster.local:8080', 'service'],
    ['http://trino.akko.svc.cluster.local.:8080', 'service'],
    ['http://TRINO.AKKO.SVC.CLUSTER.LOCAL', 'service'],
    ['http://%74rino:8080', 'service'],
    ['http://1trino', 'service'],
    // this machine
    ['http://localhost:8080', 'loopback'],
    ['http://LOCALHOST', 'loopback'],
    ['http://127.0.0.1:1', 'loopback'],
    ['http://127.255.0.9', 'loopback'],
    ['http://127.1', 'loopback'],
    ['http://2130706433', 'loopback'],
    ['http://0x7f000001', 'loopback'],
    ['http://0177.0.0.1', 'loopback'],
    ['http://127.0.0.1.', 'loopback'],
    ['http://[::1]:8080', 'loopback'],
    ['http://[0:0:0:0:0:0:0:1]', 'loopback'],
    ['http://localhost.', 'loopback'],
    ['http://localhost4:80', 'loopback'],
    ['http://localhost6', 'loopback'],
    ['http://IP6-localhost:8181', 'loopback'],
    ['http://ip6-loopback', 'loopback'],
    ['http://localhost.localdomain', 'loopback'],
    ['http://localhost4.localdomain4', 'loopback'],
    ['http://localhost6.localdomain6.', 'loopback'],
    ['http://ip6-localhost.localdomain', 'loopback'],
    // names elsewhere
    ['http://trino.example.com', 'external'],
    ['http://trino.akko', 'external'],
    ['http://trino.svc', 'external'],
    ['http://svc.evil.com', 'external'],
    ['http://trino.akko.svc.evil.com', 'external'],
    ['http://trino.akko.svc.cluster.local.evil.com', 'external'],
    ['http://trino.akko.svc.cluster.localx', 'external'],
    ['http://a.b.c.svc', 'external'],
    ['http://pod.trino.akko.svc.cluster.local', 'external'],
    ['http://svc.cluster.local', 'external'],
    ['http://akko.svc.cluster.local', 'external'],
    ['http://trino.akko.xsvc', 'external'],
    ['http://trino.akko.svc.', 'external'],
    ['http://trino.', 'external'],
    ['http://localhost5', 'service'],
    ['http://my-localhost', 'service'],
    ['http://127.evil.com', 'external'],
    ['http://localhost.localdomain.evil.com', 'external'],
    ['http://evil.localhost', 'external'],
    ['http://localhost.evil.com', 'external'],
    ['http://trino..svc', 'external'],
    ['http://evil%2ecom', 'external'],
    ['http://evil%E3%80%82com', 'external'],
    ['http://trin\u043e:8080', 'external'],
    ['http://xn--trin-hxe', 'external'],
    ['http://-trino', 'external'],
    ['http://trino-', 'external'],
    ['http://tri_no', 'external'],
    [`http://${longLabel}`, 'external'],
    ['http://*.akko.svc', 'external'],
    // addresses elsewhere
    ['http://10.0.0.1', 'external'],
    ['http://0.0.0.0', 'external'],
    ['http://1234', 'external'],
    ['http://0x7f', 'external'],
    ['http://128.0.0.1', 'external'],
    ['http://[::]', 'external'],
    ['http://[::ffff:127.0.0.1]', 'external'],
    ['http://[::ffff:10.0.0.1]', 'external'],
    ['http://[2001:db8::1]', 'external'],
    // what only looks like a Service
    ['http://trino:8080@evil.com', 'external'],
    ['http://trino@evil.com', 'external'],
    ['http://evil.com#@trino', 'external'],
    ['http://evil.com\\@trino', 'external'],
    ['http://evil.com/trino.akko.svc', 'external'],
    ['http://evil.com?trino.akko.svc', 'external'],
    ['http://tri\tno', 'external'],
    ['ftp://trino', 'external'],
    ['file:///trino', 'external'],
    ['trino:8080', 'external'],
    ['//trino', 'external'],
    ['http:trino', 'external'],
    ['http:///trino', 'external'],
    ['', 'external'],
  ])('%j: %s', (url, kind) => {
    expect(classifyTarget(url, 'cluster.local').kind).toBe(kind);
  });
});

test('the cluster domain is the one of the cluster', () => {
  expect(classifyTarget('http://trino.akko.svc.k8s.bank.example', 'k8s.bank.example').kind).toBe('service');
  expect(classifyTarget('http://trino.akko.svc.cluster.local', 'k8s.bank.example').kind).toBe('external');
  expect(classifyTarget('http://trino.akko.svc.k8sxbank.example', 'k8s.bank.example').kind).toBe('external');
});

test('a trailing dot that breaks the search list is named, with the name that works', () => {
  expect(classifyTarget('https://trino.:8443', 'cluster.local').suggestion).toBe('https://trino:8443');
  expect(classifyTarget('http://trino.akko.svc.', 'cluster.local').suggestion).toBe('http://trino.akko.svc');
});

describe('wherever it leads, a target URL', () => {
  test.each([
    ['http://trino:8080', undefined],
    ['https://trino.example.com/base', undefined],
    ['http://user:pass@trino', 'the URL carries credentials (withheld)'],
    ['http://user@trino', 'the URL carries credentials (withheld)'],
    ['http://@trino', 'the URL carries credentials (withheld)'],
    ['http://:@trino', 'the URL carries credentials (withheld)'],
    ['http://trino:0', 'port 0'],
    ['http://trino:65536', 'that is no valid URL'],
    ['http://trino:http', 'that is no valid URL'],
    ['http://[::1', 'that is no valid URL'],
    ['http://trino?x=1', 'the URL has a query or a fragment'],
    ['http://trino#', 'the URL has a query or a fragment'],
    [' http://trino', 'the URL holds a space, a backslash or a control character'],
    ['http://tri\u0000no', 'the URL holds a space, a backslash or a control character'],
    ['http://tri\u200bno', 'the URL holds a space, a backslash or a control character'],
    ['http:\\\\trino', 'the URL holds a space, a backslash or a control character'],
    ['ws://trino', 'the URL does not start with http:// or https://'],
    ['javascript:alert(1)', 'the URL does not start with http:// or https://'],
  ])('%j: %s', (url, reason) => {
    expect(urlProblem(url)?.reason).toBe(reason);
  });
});

test('a URL without a scheme is completed', () => {
  expect(urlProblem('akko-akko-trino:8080')?.suggestion).toBe('http://akko-akko-trino:8080');
});
