// A run that is watched: what its page lists, and who has a place at its stream. Who asks only for the head takes none, and who reads
// nothing gives its own back with the run.
import { Hono } from 'hono';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { failed, passed, unreachable } from '../report/testdata/sample-run.ts';
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
  await goesOn('going', [passed, failed, unreachable]);
  await goesOn('red', [...Array(9).fill(failed), ...Array(4).fill(unreachable)]);
}, 120_000);
afterAll(() => data.close());

async function goesOn(run: string, outcomes: readonly (typeof passed)[]): Promise<void> {
  const ended = outcomes.map((outcome, i) => ({ id: `${i}`, title: `case ${i}`, attempts: [outcome] }));
  const cases = [...ended, { id: 'last', attempts: [] }];
  await pushEvents(data.store, runOf({ run, ago: 0, cases }), { n: 1, staleMs: 3_600_000 });
}

/** The words of the list, `''` where the page has none. */
async function listed(run: string): Promise<string> {
  const page = await data.text(`/runs/${run}/live`);
  return (/<ul class="list">.*?<\/section>/s.exec(page)?.[0] ?? '').replaceAll(/<[^>]+>|\s+/g, ' ');
}

test('its page lists errors beside failures', async () => {
  expect(await listed('going')).toMatch(/case 1 .*case 2 /);
  expect(await listed('going')).not.toContain('case 0 ');
});

test('its page says how many it does not list, with a link to all', async () => {
  expect(await listed('red')).toMatch(/case 8 .*case 9 .* 3 more/);
  expect(await listed('red')).not.toContain('case 10 ');
  expect(await data.text('/runs/red/live')).toContain('<a href="/runs/red#failures">3 more</a>');
  expect(await data.text('/runs/going/live')).not.toContain(' more</a>');
});

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
