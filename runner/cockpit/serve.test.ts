// Where the cockpit listens: in clusters of IPv4, of IPv6 and of both, with the same flag.
import { expect, test } from 'vitest';
import type { CockpitReads } from '../store/index.ts';
import { listenOnAny, serveCockpit } from './serve.ts';

/** As an operating system that cannot listen on these. */
const without = (lost: Readonly<Record<string, string>>) => {
  const tried: string[] = [];
  const listen = async (host: string) => {
    tried.push(host);
    const code = lost[host];
    if (code !== undefined) throw Object.assign(new Error(`listen ${code}`), { code });
    return host;
  };
  return { tried, listen };
};

test.each(['EAFNOSUPPORT', 'EADDRNOTAVAIL'])('a node without IPv6 (%s) listens on IPv4', async (code) => {
  const { tried, listen } = without({ '::': code });
  expect([await listenOnAny('::', listen), tried]).toEqual(['0.0.0.0', ['::', '0.0.0.0']]);
});

test('a port that is taken is not tried on another address', async () => {
  const { tried, listen } = without({ '::': 'EADDRINUSE' });
  await expect(listenOnAny('::', listen)).rejects.toThrow('EADDRINUSE');
  expect(tried).toEqual(['::']);
});

test('an address that somebody chose is the only one', async () => {
  const { tried, listen } = without({ '::1': 'EADDRNOTAVAIL' });
  await expect(listenOnAny('::1', listen)).rejects.toThrow('EADDRNOTAVAIL');
  expect(tried).toEqual(['::1']);
});

test('who comes over IPv4 to :: is known by the address of IPv4', async () => {
  const proxy = { addresses: ['127.0.0.1'], header: 'X-User' };
  const serving = await serveCockpit({
    reads: {} as CockpitReads,
    now: Date.now,
    host: '::',
    port: 0,
    proxy,
  });
  try {
    const { port } = new URL(serving.url);
    const answer = await fetch(`http://127.0.0.1:${port}/icon.svg`, { headers: { 'X-User': 'mia' } });
    expect([answer.status, (await fetch(`http://127.0.0.1:${port}/icon.svg`)).status]).toEqual([200, 401]);
  } finally {
    await serving.close();
  }
});

test('a port that is taken is told with its address', async () => {
  const options = { reads: {} as CockpitReads, now: Date.now, host: '127.0.0.1' };
  const first = await serveCockpit({ ...options, port: 0 });
  const port = Number(new URL(first.url).port);
  await expect(serveCockpit({ ...options, port })).rejects.toMatchObject({
    code: 'CHR_COCKPIT',
    message: `The cockpit cannot listen on 127.0.0.1:${port}: EADDRINUSE`,
  });
  await first.close();
});
