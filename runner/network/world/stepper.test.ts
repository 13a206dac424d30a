import { expect, test } from 'vitest';
import { Stepper } from './stepper.ts';

test('a step that could not be brought about makes every later one an error, also one that changes nothing', async () => {
  const refused = () => Promise.reject(new Error('the API server is away'));
  const writer = { applyPolicy: refused, deletePolicy: refused, taken: () => [] };
  const stage = { suffix: 'ab12', writer, probers: { pods: [] } };
  const settings = { namespaces: ['x'], pods: ['x/a'], outside: [], settleMs: 100, signal: undefined };
  const stepper = new Stepper(stage as never, settings as never);
  const policy = { metadata: { name: 'deny', namespace: 'x' }, spec: { podSelector: {} } };
  const step = { name: 'deny.1', policies: [policy] } as never;
  await expect(stepper.step(step)).rejects.toThrow('the API server is away');
  const same = stepper.step(step);
  await expect(same).rejects.toMatchObject({ code: 'CHR_WORLD' });
  await expect(stepper.step({ name: 'open', policies: [] })).rejects.toThrow('the API server is away');
});
