import { expect, test } from 'vitest';
import { atMostEvery } from './at-most-every.ts';

test('many who ask share one piece of work, and it is done again a while after its end, also after a failure', async () => {
  let time = 0;
  const begun: PromiseWithResolvers<string>[] = [];
  const ask = atMostEvery(
    () => {
      const one = Promise.withResolvers<string>();
      begun.push(one);
      return one.promise;
    },
    { everyMs: 2_000, now: () => time },
  );
  await ask();
  expect(begun).toHaveLength(0);

  time = 2_000;
  const first = [ask(), ask()];
  // However long it takes.
  time = 60_000;
  first.push(ask());
  expect(begun).toHaveLength(1);
  begun[0]?.resolve('done');
  expect(await Promise.all(first)).toEqual(['done', 'done', 'done']);

  time = 61_999;
  expect(await ask()).toBe('done');
  expect(begun).toHaveLength(1);
  time = 62_000;
  const failing = ask();
  expect(begun).toHaveLength(2);
  begun[1]?.reject(new Error('away'));
  await expect(failing).rejects.toThrow('away');

  time = 64_000;
  void ask();
  expect(begun).toHaveLength(3);
});
