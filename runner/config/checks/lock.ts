// A lock by Lease needs to know which one, and a lease time of which running cases can be given their grace.
import type { KeyPath } from '../places.ts';
import type { Problem } from '../problem.ts';
import { configSchema } from '../schema.ts';
import { valueAt } from '../shape-problems.ts';
import type { Source } from '../source.ts';
import { type Check, problemAt, textAt } from './check.ts';

const lock = ['execution', 'lock'];
const lease = [...lock, 'lease'];
const leaseMs = [...lock, 'leaseMs'];
const graceMs = ['budgets', 'graceMs'];

export const checkLock: Check = (source) => {
  const isShort = valueAt(source.value, lock) === 'lease';
  if (!isShort && textAt(source, [...lock, 'mode']) !== 'lease') return [];
  const isNamed = !isShort && valueAt(source.value, lease) !== undefined;
  return [...(isNamed ? [] : [nameless(source, isShort ? lock : lease)]), ...tooShort(source)];
};

function nameless(source: Source, path: KeyPath): Problem {
  const expected = 'the name of the Lease, as in lock: { mode: lease, lease: akko-akko-charter-runner }';
  return problemAt(source, path, { expected, got: 'no name' });
}

/** The lock keeps the grace back of the lease time: with more than a third, too little is left in which cases may start. */
const shares = 3;

/** Told at the lease time, or where that is the default, at the grace. */
function tooShort(source: Source): Problem[] {
  const { execution, budgets } = configSchema.shape;
  const held = valueAt(source.value, leaseMs) ?? execution.parse(undefined).lock.leaseMs;
  const grace = valueAt(source.value, graceMs) ?? budgets.parse(undefined).graceMs;
  if (typeof held !== 'number' || typeof grace !== 'number' || held >= shares * grace) return [];
  if (valueAt(source.value, leaseMs) === undefined) {
    const most = Math.floor(held / shares);
    const expected = `at most ${most}, a third of execution.lock.leaseMs (${held})`;
    return [problemAt(source, graceMs, { expected, got: String(grace) })];
  }
  const expected = `at least ${shares * grace}, three times budgets.graceMs (${grace})`;
  return [problemAt(source, leaseMs, { expected, got: String(held) })];
}
