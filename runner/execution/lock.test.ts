import { spawn } from 'node:child_process';
import { mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { acquireLock, lockHolder } from './lock.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'charter-lock-'));

test('a second run is refused and told who holds the lock', async () => {
  const out = folder();
  const lock = await acquireLock(out, 'run abc, process 1');
  await expect(acquireLock(out, 'run def')).rejects.toMatchObject({
    code: 'CHR_RUN_LOCKED',
    message: expect.stringContaining('run abc, process 1'),
  });
  await lock.release();
  await (await acquireLock(out, 'run def')).release();
});

test('who holds the lock can be asked by anybody, for each part', async () => {
  const out = folder();
  expect(await lockHolder(out)).toBeUndefined();
  const lock = await acquireLock(out, 'run abc, process 1', '1/2');
  expect([await lockHolder(out, '1/2'), await lockHolder(out)]).toEqual(['run abc, process 1', undefined]);
  await lock.release();
  expect(await lockHolder(out, '1/2')).toBeUndefined();
});

test('another name of the same folder is the same lock, another folder is not', async () => {
  const out = folder();
  const link = join(folder(), 'link');
  symlinkSync(out, link);
  const lock = await acquireLock(out, 'first');
  await expect(acquireLock(link, 'second')).rejects.toMatchObject({ code: 'CHR_RUN_LOCKED' });
  await (await acquireLock(folder(), 'elsewhere')).release();
  await lock.release();
});

test('of ten that try at once exactly one gets it', async () => {
  const out = folder();
  const tried = await Promise.allSettled(Array.from({ length: 10 }, (_, i) => acquireLock(out, `run ${i}`)));
  const got = tried.filter((one) => one.status === 'fulfilled');
  expect(got).toHaveLength(1);
  await got[0]?.value.release();
});

test('a holder killed with SIGKILL leaves nothing to clean up', async () => {
  const out = folder();
  const code = `import(process.argv[1]).then((m) => m.acquireLock(process.argv[2], 'victim')).then(() => { console.log('held'); setInterval(() => {}, 1000); })`;
  const child = spawn(
    process.execPath,
    ['--no-warnings', '-e', code, join(import.meta.dirname, 'lock.ts'), out],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await new Promise((resolve) => child.stdout.once('data', resolve));
  await expect(acquireLock(out, 'me')).rejects.toMatchObject({ message: expect.stringContaining('victim') });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
  await (await acquireLock(out, 'me')).release();
});
