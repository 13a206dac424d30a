// Who may read, and which origins may embed: as the whole cockpit answers, not only the functions that decide it.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { passed } from '../report/testdata/sample-run.ts';
import { cockpitReads } from '../store/index.ts';
import { type CockpitApp, createCockpit } from './app.ts';
import { assets, lastingStylePath } from './assets.ts';
import { runOf, type TestCockpit, testCockpit } from './testing.ts';

const [proxy, elsewhere] = ['10.0.0.7', '10.0.0.8'];
const portal = 'https://portal.example.com';

let data: TestCockpit;
let cockpit: CockpitApp;
beforeAll(async () => {
  const end = { exitCode: 0, reason: 'completed' };
  data = await testCockpit([runOf({ run: 'one', ago: 0, cases: [{ id: '1', attempts: [passed] }], end })]);
  cockpit = createCockpit({
    ...{ reads: cockpitReads(data.store), now: Date.now },
    ...{ proxy: { addresses: [proxy], header: 'X-User' }, embedders: [portal] },
    addressOf: (env) => (env as { readonly address?: string }).address,
  });
}, 180_000);
afterAll(async () => {
  cockpit.close();
  await data.close();
});

const get = (path: string, address: string | undefined, headers: Readonly<Record<string, string>> = {}) =>
  cockpit.app.request(path, { headers }, { address });
const signed = { 'X-User': 'mia' };

describe('behind a proxy', () => {
  const pages = ['/', '/runs', '/runs/one', '/runs/one/junit.xml', '/runs/one/events', '/case', '/nothing'];
  const forPrograms = ['/widget', '/widget/fragment', '/badge.svg', '/api/last-run', assets.style.path];

  test.each([...pages, ...forPrograms])('%s is for who comes through it and is signed in', async (path) => {
    expect((await get(path, elsewhere, signed)).status).toBe(403);
    expect((await get(path, undefined, signed)).status).toBe(403);
    expect((await get(path, proxy)).status).toBe(401);
    expect((await get(path, proxy, { 'X-Forwarded-User': 'mia' })).status).toBe(401);
    const answer = await get(path, proxy, signed);
    expect(answer.status).toBe(['/case', '/nothing'].includes(path) ? 404 : 200);
    await answer.body?.cancel();
  });

  test.each(['/healthz', '/readyz', '/metrics'])('%s is open', async (path) => {
    expect((await get(path, elsewhere)).status).toBe(200);
    expect((await get(path, undefined)).status).toBe(200);
  });

  test('a refusal shows nothing of a run, a page says who is signed in', async () => {
    const refused = await (await get('/runs/one', elsewhere, signed)).text();
    expect(refused).toContain('Not from here');
    expect(refused).not.toMatch(/mia|production|All 1 case/);
    expect(await (await get('/', proxy, signed)).text()).toContain('<span class="user">mia</span>');
  });
});

describe('a page of another origin', () => {
  const embeddable = ['/widget', '/widget/fragment', '/badge.svg', '/api/last-run'];

  async function allowed(path: string, origin: string) {
    const { headers } = await get(path, proxy, { ...signed, Origin: origin });
    const ancestors = /frame-ancestors [^;]*/.exec(headers.get('Content-Security-Policy') ?? '')?.[0];
    return {
      ancestors,
      origin: headers.get('Access-Control-Allow-Origin'),
      credentials: headers.get('Access-Control-Allow-Credentials'),
      framed: headers.get('X-Frame-Options'),
    };
  }

  test.each(embeddable)('may frame and fetch %s where it is named', async (path) => {
    const ancestors = `frame-ancestors 'self' ${portal}`;
    expect(await allowed(path, portal)).toEqual({
      ancestors,
      origin: portal,
      credentials: 'true',
      framed: null,
    });
    expect((await get(path, proxy, { ...signed, Origin: portal })).headers.get('Vary')).toContain('Origin');
  });

  test.each(embeddable)('is told by %s that nobody is signed in, and nothing of a run', async (path) => {
    const answer = await get(path, proxy, { Origin: portal });
    expect([answer.status, answer.headers.get('Access-Control-Allow-Origin')]).toEqual([401, portal]);
    expect(await answer.text()).not.toMatch(/production|All 1 case/);
  });

  test.each(embeddable)('may not fetch %s where it is not named', async (path) => {
    for (const origin of ['https://other.example.com', `${portal}.example.org`, 'null'])
      expect(await allowed(path, origin), origin).toMatchObject({ origin: null, credentials: null });
  });

  test.each(['/', '/runs/one', '/metrics', assets.style.path])(
    'may neither frame nor fetch %s',
    async (path) => {
      const ancestors = "frame-ancestors 'none'";
      expect(await allowed(path, portal)).toEqual({
        ancestors,
        origin: null,
        credentials: null,
        framed: 'DENY',
      });
    },
  );

  test.each([
    ...embeddable.map((path) => [path, 'cross-origin']),
    [assets.style.path, 'cross-origin'],
    [lastingStylePath, 'cross-origin'],
    [assets.script.path, 'same-origin'],
    ['/icon.svg', 'same-origin'],
    ['/', 'same-origin'],
    ['/runs/one/junit.xml', 'same-origin'],
  ])('loads %s as %s', async (path, policy) => {
    const { status, headers } = await get(path, proxy, signed);
    expect([status, headers.get('Cross-Origin-Resource-Policy')]).toEqual([200, policy]);
  });

  test('gets the stylesheet of today under the name that stays', async () => {
    const answer = await get(lastingStylePath, proxy, signed);
    expect(answer.headers.get('Cache-Control')).toBe('no-cache');
    expect(answer.headers.get('ETag')).not.toBeNull();
    expect(await answer.text()).toBe(assets.style.text);
  });
});
