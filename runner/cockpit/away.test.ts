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
