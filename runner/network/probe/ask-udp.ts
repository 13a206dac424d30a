// One question over UDP, from a source port that was not used for many minutes: connection tracking would let a known pair of
// ports through long after a policy denies it, and a probe must always be a new flow.
import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { Asked } from './ask-tcp.ts';
import { type Attempt, attemptOf } from './attempt.ts';

const firstPort = 20_000;
const lastPort = 60_000;
let nextPort = firstPort + Math.floor(Math.random() * (lastPort - firstPort));

export function askUdp(asked: Asked): Promise<Attempt> {
  const { address, port, text, timeoutMs, judge, onSent } = asked;
  return new Promise((resolve) => {
    const socket = createSocket({ type: isIPv6(address) ? 'udp6' : 'udp4' });
    const end = (attempt: Attempt) => {
      clearTimeout(timer);
      close(socket);
      resolve(attempt);
    };
    const timer = setTimeout(() => end({ letter: 't' }), timeoutMs);
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE') return end(attemptOf(error));
      clearTimeout(timer);
      close(socket);
      resolve(askUdp(asked));
    });
    socket.on('message', (message) => end(judge(message) ?? { letter: 'i', note: 'half an answer' }));
    socket.bind({ port: freshPort(), exclusive: true }, () => {
      // Connected, so that ICMP errors come back to it.
      socket.connect(port, address, (error?: NodeJS.ErrnoException) => {
        if (error) return end(attemptOf(error));
        socket.send(text, (failed) => {
          if (failed) end(attemptOf(failed));
          else onSent?.();
        });
      });
    });
  });
}

function freshPort(): number {
  nextPort = nextPort >= lastPort ? firstPort : nextPort + 1;
  return nextPort;
}

function close(socket: Socket): void {
  socket.removeAllListeners();
  // What still arrives for a closed socket is nobody's.
  socket.on('error', () => {});
  socket.close();
}
