// Places of readers of a live run: who asks only for the head of its stream takes none, and who reads nothing gives its own back with the run.
import { Hono } from 'hono';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { failed, passed } from '../report/testdata/sample-run.ts';
import { type CockpitReads, cockpitReads, noQuarantine, type RunHead } from '../store/index.ts';
import { pushEvents } from '../store/write/push.ts';
import type { CockpitEnv } from './context.ts';
import { runRoutes } from './routes/run.ts';
import { serveCockpit } from './serve.ts';
import { runOf, type TestCockpit, testCockpit } from './testing.ts';

const mostReaders = 100;

let data: TestCockpit;
let reads: CockpitReads;
beforeAll(async () => {
  data = await testCockpit([]);
  reads = cockpitReads(data.store);
  const cases = [passed, failed].map((outcome, i) => ({ id: `${i}`, attempts: [outcome] }));
  const going = runOf({ run: 'going', ago: 0, cases: [...cases, { id: '3', attempts: [] }] });
  await pushEvents(data.store, going, { n: 1, staleMs: 3_600_000 });
}, 120_000);
afterAll(() => data.close());

test('a hundred who ask for the head of a stream leave room for one who reads it', async () => {
  const serving = await serveCockpit({ reads, now: Date.now, host: '127.0.0.1', port: 0 });
  try {
    const address = `${serving.url}/runs/going/events`;
    for (let i = 0; i < mostReaders; i += 1) {
      const { status, headers } = await fetch(address, { method: 'HEAD' });
      expect([status, headers.get('Content-Type')]).toEqual([200, 'text/event-stream']);
    }
    const { body } = await fetch(address);
    const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toMatch(/^event: progress\n/);
    await reader?.cancel();
  } finally {
    await serving.close();
  }
});

test('a reader who takes nothing in has no place any more when the run is over', async () => {
  let tell: (head: RunHead | undefined) => void = () => {};
  let stopped = 0;
  const live = {
    watch: (_: string, told: typeof tell) => {
      tell = told;
      return () => {
        stopped += 1;
      };
    },
    close: () => {},
  };
  const app = new Hono<CockpitEnv>();
  runRoutes(app, { reads, live, now: Date.now, publicUrl: '', quarantine: () => noQuarantine });
  const { body } = await app.request('/runs/going/events');
  const head = await reads.run('going');
  if (head === undefined) throw new Error('the run is not there');
  for (const durationMs of [1_000, 2_000, 3_000]) tell({ ...head, durationMs });
  tell({ ...head, status: 'failed' });
  expect(stopped).toBe(1);
  await body?.cancel();
});
