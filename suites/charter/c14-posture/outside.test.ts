import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { readNonce } from './outside.ts';

const servers: Server[] = [];
const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

async function outside(
  answer: (socket: Socket) => void,
): Promise<{ host: string; port: number; nonce: string }> {
  const server = createServer((socket) => {
    sockets.push(socket.on('error', () => {}));
    answer(socket);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port, nonce: 'nonce-4711' };
}

test('a server that says the nonce at once is outside and was reached', async () => {
  expect(await readNonce(await outside((socket) => socket.end('nonce-4711\n')), 2_000)).toBe('nonce');
});

test('a web server that answers with the nonce, in two pieces, was reached too', async () => {
  const server = await outside((socket) => {
    socket.once('data', (request) => {
      if (!String(request).startsWith('GET / HTTP/1.0\r\n')) return socket.destroy();
      socket.write('HTTP/1.0 200 OK\r\n\r\nnonce-');
      return setImmediate(() => socket.end('4711'));
    });
  });
  expect(await readNonce(server, 2_000)).toBe('nonce');
});

test.each<[string, (socket: Socket) => void]>([
  ['answers something else', (socket) => socket.end('HTTP/1.0 403 Forbidden\r\n\r\n')],
  ['resets', (socket) => socket.resetAndDestroy()],
  ['never stops talking', (socket) => void socket.write('x'.repeat(200_000))],
])('a server that %s did not give the nonce', async (_, answer) => {
  expect(await readNonce(await outside(answer), 2_000)).toBe('no nonce');
});

test('a completed handshake and silence is no nonce when the time is over', async () => {
  expect(await readNonce(await outside((socket) => void socket.resume()), 60)).toBe('no nonce');
});

test('nothing listens: no nonce', async () => {
  const server = await outside(() => {});
  await new Promise((resolve) => servers.pop()?.close(resolve));
  expect(await readNonce(server, 2_000)).toBe('no nonce');
});

test('a name that does not resolve was not tried', async () => {
  // A label of 64 characters fails in the resolver of the machine; no packet is sent.
  expect(await readNonce({ host: `${'a'.repeat(64)}.test`, port: 80, nonce: 'x' }, 2_000)).toBe('unresolved');
});
