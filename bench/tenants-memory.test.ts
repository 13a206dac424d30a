import { expect, test } from 'vitest';
import { peakDuring, workingSet } from './tenants-memory.ts';

const container = (value: unknown) => ({ memory: { workingSetBytes: { value } } });
const told = (...stats: readonly object[]) => JSON.stringify({ stats });

test.each(['73400320', 73_400_320])('the working set of one container, told as %j', (value) => {
  expect(workingSet(told(container(value)))).toBe(73_400_320);
});

test.each([
  ['no container', told(), '0: none'],
  ['an empty answer', '{}', '0: none'],
  ['two containers', told(container('1'), container('2')), '2: 1, 2'],
  ['a container without bytes', told({}), '1: NaN'],
  ['a container with none', told(container('0')), '1: 0'],
])('%s is no measurement', (_, answer, seen) => {
  expect(() => workingSet(answer)).toThrow(`expected one container with its bytes, crictl told of ${seen}`);
});

/** Ends when `looks` have been asked for. */
function scene(answers: readonly number[]) {
  const enough = Promise.withResolvers<string>();
  const left = [...answers];
  const look = async () => {
    const answer = left.shift() ?? 0;
    if (left.length === 0) enough.resolve('done');
    return answer;
  };
  return { look, act: () => enough.promise };
}

test('the peak is the largest of all looks, not the last', async () => {
  const { look, act } = scene([10, 90, 20]);
  expect(await peakDuring(look, act, 0)).toMatchObject({ result: 'done', peak: 90 });
});

test('a look that fails is a failure, once the work has ended', async () => {
  let ended = false;
  const act = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    ended = true;
  };
  await expect(peakDuring(() => Promise.reject(new Error('no crictl')), act, 0)).rejects.toThrow('no crictl');
  expect(ended).toBe(true);
});

test('the error of the work comes before that of the looks', async () => {
  const fails = (text: string) => () => Promise.reject(new Error(text));
  await expect(peakDuring(fails('no crictl'), fails('not Ready'), 0)).rejects.toThrow('not Ready');
});
