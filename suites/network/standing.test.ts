// A step whose time is over ends with its world: nothing of it writes beside the next one, which stands in another.
import { expect, test } from 'vitest';
import type { Stage, Stepped } from './settings.ts';
import { type Standing, standing } from './standing.ts';

const declaration = { name: 'deny.1', policies: [], podLabels: {}, namespaceLabels: {} };
const never = new AbortController().signal;

/** Worlds that say what happens in them; a step of a world in `slow` goes on until that world is ended, one of `dead` fails. */
function worlds({
  slow = [],
  dead = [],
}: {
  readonly slow?: readonly number[];
  readonly dead?: readonly number[];
}) {
  const said: string[] = [];
  let opened = 0;
  let left = 0;
  const open = async (signal: AbortSignal): Promise<Stage> => {
    opened += 1;
    const number = opened;
    said.push(`open ${number}`);
    const step = async () => {
      if (dead.includes(number)) throw new Error('the API server is away');
      if (slow.includes(number)) {
        said.push(`slow ${number}`);
        await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      }
      said.push(`step ${number}`);
      return {} as Stepped;
    };
    const close = async () => void said.push(`close ${number}`);
    return { world: { step, close } } as unknown as Stage;
  };
  const stand: Standing = standing(open, () => {
    left += 1;
  });
  return { stand, said, left: () => left };
}

test('a step whose case is out of time is ended with its world, and the next step stands in another', async () => {
  const { stand, said, left } = worlds({ slow: [1] });
  const late = new AbortController();
  const stepping = stand.step(declaration, late.signal);
  const ended = expect(stepping).rejects.toThrow('out of time');
  await expect.poll(() => said).toContain('slow 1');
  late.abort(new Error('out of time'));
  const next = stand.step(declaration, never);
  await Promise.all([ended, next]);
  expect(said).toEqual(['open 1', 'slow 1', 'close 1', 'open 2', 'step 2']);
  expect(left()).toBe(1);
  await stand.close();
  expect(said.at(-1)).toBe('close 2');
});

test('a case that ran out of time while the world was opened begins no step in it', async () => {
  const { stand, said } = worlds({});
  const late = new AbortController();
  const waiting = stand.stage(late.signal);
  late.abort(new Error('out of time'));
  await expect(waiting).rejects.toThrow('out of time');
  await expect(stand.step(declaration, late.signal)).rejects.toThrow('out of time');
  await stand.step(declaration, never);
  expect(said).toEqual(['open 1', 'step 1']);
});

test('five worlds are opened at most; the last one stays, and each step in it says why', async () => {
  const { stand, said } = worlds({ dead: [1, 2, 3, 4, 5] });
  for (let time = 1; time <= 7; time++)
    await expect(stand.step(declaration, never)).rejects.toThrow('the API server is away');
  await stand.close();
  expect(said.filter((line) => line.startsWith('open'))).toHaveLength(5);
  expect(said.at(-1)).toBe('close 5');
});
