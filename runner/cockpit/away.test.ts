// What is said while the store cannot be read: in words that fit why, and to programs in the form that they asked for.
import { expect, test } from 'vitest';
import { type CockpitReads, storeError } from '../store/index.ts';
import { createCockpit } from './app.ts';

/** A cockpit each of whose reads fails with what the driver said. */
const failing = (code: string) => {
  const reject = () => Promise.reject(storeError('db', Object.assign(new Error('no'), { code })));
  const reads = new Proxy({} as CockpitReads, { get: () => reject });
  return createCockpit({ reads, now: Date.now }).app;
};

test.each(['28P01', '28000', '3D000'])(
  'a login that is refused with %s is not a database that is away',
  async (code) => {
    const answer = await failing(code).request('/');
    const text = await answer.text();
    expect([answer.status, answer.headers.get('Retry-After')]).toEqual([503, '10']);
    expect(text).toContain('The database refuses the login of the cockpit');
    expect(text).not.toMatch(/does not answer|loads again by itself/);
    expect(await (await failing(code).request('/readyz')).text()).toBe(
      'the database refuses the login of the cockpit\n',
    );
  },
);

const [away, unprepared] = ['ECONNREFUSED', '42P01'];

test.each([
  [away, 503, 'the database does not answer'],
  ['28P01', 503, 'the database refuses the login of the cockpit'],
  [unprepared, 500, 'the database is not set up for this cockpit'],
])('/api/last-run says why in JSON: %s', async (code, status, error) => {
  const answer = await failing(code).request('/api/last-run');
  expect([answer.status, await answer.json()]).toEqual([status, { error }]);
  expect(answer.headers.get('Content-Type')).toContain('application/json');
  expect(answer.headers.get('Retry-After')).toBe(status === 503 ? '10' : null);
});

test('a badge is drawn all the same: grey, and kept by nobody', async () => {
  const answer = await failing(away).request('/badge.svg?environment=staging');
  const text = await answer.text();
  expect(answer.status).toBe(200);
  expect(answer.headers.get('Content-Type')).toContain('image/svg+xml');
  expect(answer.headers.get('Cache-Control')).toBe('no-store');
  expect(text).toContain('aria-label="charter staging: unknown"');
  expect(text).toContain('fill="#57606a"');
});

test('a fragment is a card that says so, not a page', async () => {
  const answer = await failing(away).request('/widget/fragment');
  const text = await answer.text();
  expect([answer.status, answer.headers.get('Retry-After')]).toEqual([503, '10']);
  expect(text).toMatch(/^<section class="card verdict notrun charter-widget"/);
  expect(text).toContain('The database does not answer');
  expect(text).not.toMatch(/<html|<head|<body|<script/);
});

test('a fault of the cockpit itself is told to programs as such, without its words', async () => {
  const reads = new Proxy({} as CockpitReads, {
    get: () => () => Promise.reject(new TypeError('secret words')),
  });
  const answer = await createCockpit({ reads, now: Date.now }).app.request('/api/last-run');
  expect([answer.status, await answer.json()]).toEqual([500, { error: 'something unexpected happened' }]);
});
