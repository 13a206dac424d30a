// A world that does not go, or of which nobody can tell, is counted and told; one that goes is told and not counted.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { answerJson, scriptedServer } from '../kube/testing/index.ts';
import { codeAfter, sweepLeft } from './network-left.ts';

/** `ab12cd` goes, `ef34ab` stays, `987654` may not be deleted; `c0ffee` is gone already. */
async function left(
  ...suffixes: readonly string[]
): Promise<{ readonly count: number; readonly said: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'charter-left-'));
  for (const suffix of suffixes) writeFileSync(join(folder, suffix), '');
  const there = new Set(suffixes.filter((suffix) => suffix !== 'c0ffee'));
  await using server = await scriptedServer(({ method, url = '' }, response) => {
    const [, suffix = ''] = /([0-9a-f]{6})/.exec(url) ?? [];
    if (method === 'DELETE' && suffix === '987654')
      return answerJson(response, 403, { kind: 'Status', code: 403, reason: 'Forbidden', message: 'no' });
    if (method === 'DELETE' && suffix === 'ab12cd') there.delete(suffix);
    const items = there.has(suffix) ? [{ metadata: { name: `charter-net-${suffix}-x` } }] : [];
    answerJson(response, 200, { metadata: { resourceVersion: '1' }, items });
  });
  const kubeconfig = `${folder}.yaml`;
  writeFileSync(kubeconfig, server.kubeconfig);
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  onTestFinished(() => {
    write.mockRestore();
    rmSync(folder, { recursive: true });
    rmSync(kubeconfig);
  });
  const count = await sweepLeft({ kubeconfig }, folder, 600);
  return { count, said: write.mock.calls.map(([text]) => String(text)).join('') };
}

test('nothing was left, or is there any more', async () => {
  expect(await left()).toEqual({ count: 0, said: '' });
  expect(await left('c0ffee')).toEqual({ count: 0, said: '' });
});

test('a green run that has left something is not green, and a red one stays as it is', () => {
  expect([codeAfter(0, 1), codeAfter(0, 0), codeAfter(1, 1), codeAfter(7, 1)]).toEqual([4, 0, 1, 7]);
});

test('what goes is told, what stays and what is refused is counted', async () => {
  const { count, said } = await left('ab12cd', 'ef34ab', '987654');
  expect(count).toBe(2);
  expect(said).toContain('charter-net-ab12cd-x removed');
  expect(said).toContain('charter-net-ef34ab-x is still terminating');
  expect(said).toContain('CHR_KUBE_FORBIDDEN');
});
