// The server side: answers every question on every port with who it is and the nonce, and remembers which ones it saw.
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import type { Fault } from './faults.ts';
import type { Sightings } from './sightings.ts';
import { answerText, type PlannedPort, portText, questionOf, selfClient } from './wire.ts';

export interface Served {
  readonly id: string;
  readonly uid: string;
  readonly ports: readonly PlannedPort[];
  /** The address to listen on. */
  readonly host: string;
  readonly faults: ReadonlySet<Fault>;
  readonly sightings: Sightings;
}

/** Where to listen, and where to reach oneself, for a Pod whose first address this is. */
export function ownHosts(address: string): { readonly host: string; readonly loopback: string } {
  return address.includes(':') ? { host: '::', loopback: '::1' } : { host: '0.0.0.0', loopback: '127.0.0.1' };
}

/** Resolves with a line for every port that could not be served. */
export async function serve(served: Served): Promise<string[]> {
  if (served.faults.has('dead-server')) return [];
  const failures = await Promise.all(
    served.ports.map((one) => (one.protocol === 'TCP' ? serveTcp(served, one) : serveUdp(served, one))),
  );
  return failures.filter((line) => line !== undefined);
}

function serveTcp(served: Served, one: PlannedPort): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer({ noDelay: true }, (socket) => {
      let got = '';
      socket.setTimeout(5_000, () => socket.destroy());
      // Clients end with a reset.
      socket.on('error', () => socket.destroy());
      socket.on('data', (data) => {
        got += data.toString('latin1');
        if (!got.endsWith('\n') && got.length < 512) return;
        const answer = answerTo(served, one, got);
        if (answer === undefined) socket.destroy();
        else socket.write(answer);
        got = '';
      });
    });
    server.on('error', (error) => resolve(`${portText(one)}: ${error.message}`));
    const port = served.faults.has('wrong-port') ? one.port + 1_000 : one.port;
    server.listen({ port, host: served.host, backlog: 1_024 }, () => resolve(undefined));
  });
}

function serveUdp(served: Served, one: PlannedPort): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket({ type: served.host.includes(':') ? 'udp6' : 'udp4' });
    socket.on('error', (error) => resolve(`${portText(one)}: ${error.message}`));
    socket.on('message', (message, { address, port }) => {
      const answer = answerTo(served, one, message.toString('latin1'));
      if (answer === undefined || served.faults.has('one-way-udp')) return;
      // An answer that cannot be sent is what the client will tell.
      socket.send(answer, port, address, () => {});
    });
    socket.bind({ port: one.port, address: served.host }, () => resolve(undefined));
  });
}

function answerTo(served: Served, one: PlannedPort, text: string): string | undefined {
  const question = questionOf(text);
  if (question === undefined) return undefined;
  // A question that was meant for another port is answered, and not counted: the client will see who answered.
  const counts = question.port === portText(one) && question.client !== selfClient(served.id);
  if (counts && !served.faults.has('blind-server')) served.sightings.add(question);
  return answerText({
    id: served.faults.has('wrong-identity') ? `${served.id}-not` : served.id,
    uid: served.uid,
    port: portText(one),
    nonce: served.faults.has('wrong-nonce') ? `${question.nonce}0` : question.nonce,
  });
}
