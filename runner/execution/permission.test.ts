// No case starts without the lock, however late its supervisor reads what the worker says.
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { loadConfig } from '../config/index.ts';
import { channelOver } from './channel.ts';
import { assignmentOf, type SupervisorMessage, type WorkerMessage } from './protocol.ts';
import { warmWorker } from './warm-worker.ts';

test('a case that waited to be told of has its permission asked again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'charter-permission-'));
  const mark = join(folder, 'began');
  const file = join(folder, 'a.campaign.ts');
  writeFileSync(
    file,
    `import { writeFileSync } from 'node:fs';
    import { test } from 'vitest';
    test('noisy', () => { for (let n = 0; n < 200; n++) console.log('x'.repeat(50_000)); });
    test('late', () => writeFileSync(${JSON.stringify(mark)}, ''));`,
  );
  const path = resolve(import.meta.dirname, '../../fixtures/campaigns/charter.yaml');
  const config = await loadConfig({ path, env: { CHARTER_EMBEDDED: 'true' }, embedded: true });
  const worker = warmWorker();
  const channel = channelOver<SupervisorMessage, WorkerMessage>(worker.socket);
  const ended: string[] = [];
  const isOver = new Promise<void>((settle) => channel.onClose(settle));
  channel.onMessage((message) => {
    if (message.type === 'hello') {
      const what = { runId: 'r', folder, files: [file], most: 10, taken: [], concurrency: 1 };
      channel.send(assignmentOf(config, what));
    } else if (message.type === 'collected') {
      channel.send({ type: 'allowed', until: Date.now() + 500 });
      channel.send({ type: 'start', attempts: { 'a/noisy': 1, 'a/late': 1 } });
      worker.socket.pause();
      void wait(1_000).then(async () => {
        worker.socket.resume();
        await wait(500);
        channel.send({ type: 'stop' });
      });
    } else if (message.type === 'case-ended') ended.push(message.key);
  });
  await isOver;
  worker.discard();
  expect([ended, existsSync(mark)]).toEqual([['a/noisy'], false]);
}, 30_000);
