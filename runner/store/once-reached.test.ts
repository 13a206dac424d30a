// Who is asked again, and until when.
import { expect, test } from 'vitest';
import { onceReached } from './once-reached.ts';
import { storeError } from './store-error.ts';

const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
const cut = new Error('Connection terminated unexpectedly');
const wrong = Object.assign(new Error('password authentication failed'), { code: '28P01' });

function answering(...errors: readonly Error[]) {
  const left = [...errors];
  let asked = 0;
  const open = async () => {
    asked += 1;
    const error = left.shift();
    if (error !== undefined) throw storeError('db', error);
    return 'open';
  };
  return { open, asked: () => asked };
}

test('nobody who listens, and a connection that is cut, are tried again until there is an answer', async () => {
  const { open, asked } = answering(refused, cut);
  expect(await onceReached(open, performance.now() + 20_000)).toBe('open');
  expect(asked()).toBe(3);
});

test('a server that answers with a refusal is believed at once', async () => {
  const { open, asked } = answering(wrong);
  await expect(onceReached(open, performance.now() + 20_000)).rejects.toThrow('password');
  expect(asked()).toBe(1);
});

test('when the time is over the last error is told', async () => {
  const { open, asked } = answering(refused, refused);
  await expect(onceReached(open, 0)).rejects.toThrow('ECONNREFUSED');
  expect(asked()).toBe(1);
});
