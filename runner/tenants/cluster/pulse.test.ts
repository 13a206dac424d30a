import { afterEach, expect, test } from 'vitest';
import { KubeApiError } from '../../kube/index.ts';
import { fakeClock } from '../../kube/testing/index.ts';
import { pulse } from './pulse.ts';

let stop = new AbortController();
afterEach(() => {
  stop.abort(new Error('end of test'));
  stop = new AbortController();
});

function stage() {
  const clock = fakeClock();
  const told: (string | undefined)[] = [];
  const cluster = { answer: async (): Promise<unknown> => ({}) };
  const ask = () => cluster.answer();
  const beating = pulse({ ask, clock, signal: stop.signal, onChange: (trouble) => told.push(trouble) });
  return { clock, told, cluster, beating };
}
const reset = () => Promise.reject(new KubeApiError('CHR_KUBE_UNREACHABLE', 'reset'));
const silent = () => Promise.reject(new KubeApiError('CHR_KUBE_TIMEOUT', 'no answer'));

test('a cluster that is silent for the whole time of one request is in trouble, and out of it with its next answer', async () => {
  const { clock, told, cluster, beating } = stage();
  await clock.advance(60_000);
  expect(told).toEqual([]);
  cluster.answer = silent;
  await clock.advance(5_000);
  expect(told).toEqual(['no answer']);
  await clock.advance(60_000);
  expect(beating.trouble()).toBe('no answer');
  cluster.answer = async () => ({});
  await clock.advance(2_000);
  expect(told).toEqual(['no answer', undefined]);
});

test('two requests that are cut are bad luck, three are trouble', async () => {
  const { clock, told, cluster } = stage();
  cluster.answer = reset;
  await clock.advance(7_000);
  cluster.answer = async () => ({});
  await clock.advance(20_000);
  expect(told).toEqual([]);
  cluster.answer = reset;
  await clock.advance(5_000 + 2 * 2_000);
  expect(told).toEqual(['reset']);
});

test('it ends with its signal', async () => {
  const { clock, beating, cluster } = stage();
  const asked: string[] = [];
  cluster.answer = async () => asked.push('once more');
  stop.abort(new Error('the cluster is left'));
  await beating.ended;
  await clock.advance(60_000);
  expect(asked).toEqual([]);
});
