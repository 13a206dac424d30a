// What the clients' Http costs over bare undici.request: same server, same run, alternating rounds, printed as a ratio.
import { Worker } from 'node:worker_threads';
import { Pool } from 'undici';
import { createHttp } from '../runner/clients/index.ts';

const rounds = 15;
const requestsPerRound = 400;

/** In a thread of its own, so that the server's work does not count as the client's. */
async function startServer(): Promise<{ readonly url: string; readonly stop: () => Promise<number> }> {
  const worker = new Worker(
    `const { createServer } = require('node:http');
     const { parentPort } = require('node:worker_threads');
     const body = JSON.stringify({ id: 'q', data: 'x'.repeat(500) });
     const server = createServer((_, response) => {
       response.writeHead(200, { 'content-type': 'application/json' });
       response.end(body);
     });
     server.keepAliveTimeout = 60_000;
     server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));`,
    { eval: true },
  );
  const port = await new Promise<number>((resolve) => worker.once('message', resolve));
  return { url: `http://127.0.0.1:${port}`, stop: () => worker.terminate() };
}

/** Microseconds per request. */
async function measure(request: () => Promise<unknown>, width: number): Promise<number> {
  const startedAt = performance.now();
  for (let sent = 0; sent < requestsPerRound; sent += width) {
    await Promise.all(Array.from({ length: width }, request));
  }
  return ((performance.now() - startedAt) * 1000) / requestsPerRound;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

export async function benchHttp(): Promise<void> {
  const server = await startServer();
  const pool = new Pool(server.url);
  const http = createHttp({
    target: 'bench',
    baseUrl: server.url,
    connectMs: 2_000,
    requestMs: 10_000,
    onSecret: () => {},
  });
  const bare = async () =>
    JSON.parse(await (await pool.request({ path: '/', method: 'GET' })).body.text()) as unknown;
  const ours = async () => (await http.request({ path: '/' })).json();

  for (const width of [1, 8]) {
    const times = { bare: [] as number[], ours: [] as number[] };
    await measure(bare, width);
    await measure(ours, width);
    for (let round = 0; round < rounds; round += 1) {
      times.bare.push(await measure(bare, width));
      times.ours.push(await measure(ours, width));
    }
    const [bareUs, oursUs] = [median(times.bare), median(times.ours)];
    const ratio = (oursUs / bareUs).toFixed(2);
    const each = `${oursUs.toFixed(0)} us against ${bareUs.toFixed(0)} us per request`;
    console.log(`clients' Http / undici.request, ${width} at once: ${ratio} (${each})`);
  }
  await http.close();
  await pool.destroy();
  await server.stop();
}
