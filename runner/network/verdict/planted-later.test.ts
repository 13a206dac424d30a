// Real probers on loopback that were open at first, and then something is planted: a client that hides how it is denied, a client that
// invents it, a DNS server that goes down. Where a deny stands, a healthy client beside them passes by it.
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server, type Socket as TcpSocket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LocalProbers, startLocally } from '../probe/testing.ts';
import type { Plan, PlannedOutside, PlannedPort } from '../probe/wire.ts';
import { type JudgedCell, judgeStep, type StepCell } from './judge-step.ts';
import { Ledger } from './ledger.ts';
import { Talks } from './talks.ts';

const port: PlannedPort = { port: 18_081, protocol: 'TCP' };
/** From the second plan on, nobody listens at the address of `shut`, and at that of `mute` somebody who never answers. */
const ids = ['ok/a', 'ok/b', 'x/swallows', 'x/invents', 'x/shut', 'x/mute'];
const faults = { 'x/swallows': 'swallow-refusal', 'x/invents': 'invent-refusal' } as const;
const dnsIndex = ids.length;

const ledger = new Ledger();
const talks = new Talks();
let running: LocalProbers;
let dns: Socket;
let mute: Server;
const opened: TcpSocket[] = [];

const open = (from: string, to: string): StepCell => ({
  ...{ from, to, ...port, servedAs: 0, index: ids.indexOf(to), expected: 'allowed', denials: [] },
});
const denied = (from: string, to: string, signal: 'refused' | 'timeout'): StepCell => ({
  ...open(from, to),
  expected: 'denied',
  denials: [{ pod: to, direction: 'ingress', protocol: 'TCP', signal }],
});
const toDns = (from: string): StepCell => ({
  ...{ from, to: 'dns', port: 53, protocol: 'UDP', servedAs: undefined, index: dnsIndex },
  ...{ expected: 'allowed', denials: [] },
});
const between = [
  open('ok/a', 'ok/b'),
  open('ok/b', 'ok/a'),
  open('x/swallows', 'ok/a'),
  open('x/invents', 'ok/a'),
];

function judge(generation: number, cells: readonly StepCell[]): readonly JudgedCell[] {
  const registered = new Map(running.pods.map((pod) => [pod.id, pod]));
  const now = performance.now();
  return judgeStep(ledger, talks, { cells, registered, generation, since: 0, confirmFrom: 0, now }).cells;
}

/** Judged again until all is as `wanted`, or as it is when a busy machine has had time enough. */
async function settled(
  generation: number,
  cells: readonly StepCell[],
  wanted: (cell: JudgedCell) => boolean,
): Promise<readonly JudgedCell[]> {
  const end = performance.now() + 60_000;
  for (;;) {
    const judged = judge(generation, cells);
    if (judged.every(wanted) || performance.now() > end) return judged;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

const pass = ({ verdict }: JudgedCell) => verdict === 'pass';
const named = (problem: string) => (cell: JudgedCell) => pass(cell) || cell.problem === problem;
const of = (cells: readonly JudgedCell[], from: string, to: string) =>
  cells.find((cell) => cell.from === from && cell.to === to);

beforeAll(async () => {
  running = startLocally({
    ids,
    ports: [port],
    faults,
    onRecord: (one) => ledger.take(one, performance.now()),
  });
  const address = running.pods[0]?.address ?? '';
  const net = address.split('.').slice(0, 3).join('.');
  dns = createSocket('udp4').on('message', (question, { port: from, address: to }) => {
    const answer = Buffer.from(question);
    answer[2] = 0x81;
    dns.send(answer, from, to);
  });
  dns.bind(0, `${net}.200`);
  mute = createServer((socket) => opened.push(socket.on('error', () => {}))).listen(port.port, `${net}.201`);
  await Promise.all([once(dns, 'listening'), once(mute, 'listening')]);
  const outside: PlannedOutside[] = [
    {
      id: 'dns',
      kind: 'dns',
      address: `${net}.200`,
      port: dns.address().port,
      protocol: 'UDP',
      below: 'svc',
    },
  ];
  running.plan(1, (plan: Plan) => ({ ...plan, outside }));
  const all = ids.flatMap((from) => [
    ...ids.filter((to) => to !== from).map((to) => open(from, to)),
    toDns(from),
  ]);
  expect((await settled(1, all, pass)).filter((cell) => !pass(cell))).toEqual([]);
  const moved: Readonly<Record<string, string>> = { 'x/shut': `${net}.202`, 'x/mute': `${net}.201` };
  dns.close();
  running.plan(2, (plan: Plan) => ({
    ...{ ...plan, timeoutMs: 500, outside },
    peers: plan.peers.map((peer) => ({ ...peer, address: moved[peer.id] ?? peer.address })),
  }));
}, 150_000);

afterAll(async () => {
  await running.stop();
  for (const socket of opened) socket.destroy();
  mute.close();
});

test('on an engine that rejects, a client that hides its refusals has the wrong signal', async () => {
  const both = [denied('ok/a', 'x/shut', 'refused'), denied('x/swallows', 'x/shut', 'refused')];
  const hidden = await settled(2, [...between, ...both], named('wrong-signal'));
  expect(of(hidden, 'ok/a', 'x/shut')).toMatchObject({ verdict: 'pass', proof: 'open-before' });
  expect(of(hidden, 'x/swallows', 'x/shut')).toMatchObject({ verdict: 'error', problem: 'wrong-signal' });
}, 130_000);

test('on an engine that drops, a client that invents refusals has the wrong signal', async () => {
  const healthy = await settled(2, [...between, denied('ok/a', 'x/mute', 'timeout')], pass);
  expect(of(healthy, 'ok/a', 'x/mute')).toMatchObject({ verdict: 'pass', proof: 'open-before' });
  const cells = [...between, denied('x/invents', 'x/mute', 'timeout')];
  const invented = await settled(2, cells, named('wrong-signal'));
  expect(of(invented, 'x/invents', 'x/mute')).toMatchObject({ verdict: 'error', problem: 'wrong-signal' });
}, 130_000);

test('DNS that goes down is a dead peer, expected open or denied, and the Pods are judged as before', async () => {
  const refuses = { pod: 'x/shut', direction: 'egress', protocol: 'UDP', signal: 'refused' } as const;
  const shut: StepCell = { ...toDns('x/shut'), expected: 'denied', denials: [refuses] };
  const cells = [...between, toDns('ok/a'), toDns('ok/b'), shut];
  const judged = await settled(2, cells, named('dead-peer'));
  expect(judged.map(({ to, problem }) => (to === 'dns' ? problem : 'none'))).toEqual(
    cells.map(({ to }) => (to === 'dns' ? 'dead-peer' : 'none')),
  );
  expect(judged.filter(({ to }) => to !== 'dns').every(pass)).toBe(true);
}, 70_000);
