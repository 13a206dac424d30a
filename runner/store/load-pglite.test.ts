// Without PGlite, as in the image, whoever names a folder is told what to name instead.
import { expect, test } from 'vitest';
import { loadPGlite } from './load-pglite.ts';

test('an installation without PGlite says so, with what helps', async () => {
  const missing = 'pglite-that-nobody-installed';
  const opening = loadPGlite('charter-out/store', () => import(missing));
  await expect(opening).rejects.toMatchObject({
    code: 'CHR_STORE',
    message: expect.stringContaining('charter-out/store is a folder'),
    hint: expect.stringContaining('store.mode: postgres'),
  });
});

test('a PGlite that is there and does not load is not called missing', async () => {
  const broken = () => Promise.reject(new TypeError('no WebAssembly'));
  await expect(loadPGlite('folder', broken)).rejects.toThrow('no WebAssembly');
});
