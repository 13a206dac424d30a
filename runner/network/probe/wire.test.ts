// What two probers say to each other and what a harness reads of it: everything comes back as it was, everything else is refused.
import { describe, expect, test } from 'vitest';
import { dnsQuestion, judgeDns } from './ask-dns.ts';
import { faultsOf } from './faults.ts';
import { ownHosts } from './serve.ts';
import { Sightings, sightedIndices } from './sightings.ts';
import { answerText, askText, judgeAnswer, probesOf, questionOf, recordOf } from './wire.ts';

const question = { client: 'x/a', boot: '12ab', seq: 7, index: 35, port: '80/TCP', nonce: 'f00d' };
const expected = { id: 'y/b', uid: 'u-1', port: '80/TCP', nonce: 'f00d' };

test('a question is read as it was asked; half of one and other talk are none', () => {
  expect(questionOf(askText(question))).toEqual(question);
  expect(questionOf(askText(question).slice(0, -1))).toBeUndefined();
  expect(questionOf('GET / HTTP/1.1\r\n')).toBeUndefined();
});

test.each([
  ['the nonce of whom was asked', answerText(expected), 'o'],
  ['another nonce', answerText({ ...expected, nonce: 'beef' }), 'n'],
  ['another Pod', answerText({ ...expected, id: 'y/c' }), 'i'],
  ['a Pod of the same name that came after it', answerText({ ...expected, uid: 'u-2' }), 'i'],
  ['another port of the same Pod', answerText({ ...expected, port: '81/TCP' }), 'i'],
  ['something else', 'HTTP/1.1 400 Bad Request\n', 'i'],
])('an answer with %s', (_, text, letter) => {
  expect(judgeAnswer(text, expected).letter).toBe(letter);
});

test('sightings are a bit per probe, beyond 32 of them too, and are told once', () => {
  const sightings = new Sightings();
  for (const index of [0, 5, 35, 71]) sightings.add({ ...question, index });
  const taken = sightings.take();
  expect(sightedIndices(taken['x/a 12ab 7'] ?? '')).toEqual([0, 5, 35, 71]);
  expect(sightings.isEmpty).toBe(true);
});

test('probes of a plan are its peers in order, port by port, then what is outside', () => {
  const ports = [
    { port: 80, protocol: 'TCP' as const },
    { port: 80, protocol: 'UDP' as const },
  ];
  const dns = { id: 'dns', kind: 'dns' as const, address: '10.0.0.10', port: 53, protocol: 'UDP' as const };
  const peers = [
    { id: 'x/a', address: '10.0.0.1', uid: '1', ports },
    { id: 'x/b', address: '10.0.0.2', uid: '2', ports },
  ];
  const probes = probesOf({ generation: 1, cycleMs: 500, timeoutMs: 700, peers, outside: [dns] });
  expect(probes.map(({ to, port, protocol }) => `${to} ${port}/${protocol}`)).toEqual([
    ...['x/a 80/TCP', 'x/a 80/UDP', 'x/b 80/TCP', 'x/b 80/UDP', 'dns 53/UDP'],
  ]);
});

test('lines that are no records are passed over', () => {
  expect(recordOf('(node:1) Warning: something')).toBeUndefined();
  expect(recordOf('{"type":"cycle","seq":')).toBeUndefined();
  expect(recordOf('{"type":"other"}')).toBeUndefined();
  expect(recordOf('{"type":"hello","id":"x/a"}')).toMatchObject({ id: 'x/a' });
});

describe('a DNS answer', () => {
  const below = 'svc.cluster.local';
  const answerTo = (asked: Buffer, protocol: 'TCP' | 'UDP') => {
    const answer = Buffer.from(asked);
    answer[protocol === 'TCP' ? 4 : 2] = 0x81;
    return answer;
  };
  test.each(['TCP', 'UDP'] as const)(
    'over %s holds the nonce of its question, or is another’s',
    (protocol) => {
      const answer = answerTo(dnsQuestion({ nonce: 'aa11', below, protocol }), protocol);
      expect(judgeDns(answer, 'aa11', protocol)?.letter).toBe('o');
      expect(judgeDns(answer, 'bb22', protocol)?.letter).toBe('n');
      expect(judgeDns(dnsQuestion({ nonce: 'aa11', below, protocol }), 'aa11', protocol)?.letter).toBe('i');
    },
  );
  test('over TCP may come in pieces', () => {
    const answer = answerTo(dnsQuestion({ nonce: 'aa11', below, protocol: 'TCP' }), 'TCP');
    expect(judgeDns(answer.subarray(0, 1), 'aa11', 'TCP')).toBeUndefined();
    expect(judgeDns(answer.subarray(0, 20), 'aa11', 'TCP')).toBeUndefined();
  });
});

test('a defect that does not exist is refused: it would prove nothing', () => {
  expect([...faultsOf('dead-server,clock-offset')]).toEqual(['dead-server', 'clock-offset']);
  expect(() => faultsOf('dead-servr')).toThrow('no such fault: dead-servr');
});

test('a Pod whose first address is an IPv6 one listens and asks itself there', () => {
  expect(ownHosts('fd00::2')).toEqual({ host: '::', loopback: '::1' });
  expect(ownHosts('10.244.0.2')).toEqual({ host: '0.0.0.0', loopback: '127.0.0.1' });
  expect(ownHosts('').host).toBe('0.0.0.0');
});
