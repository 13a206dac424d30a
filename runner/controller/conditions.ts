// Conditions as pure functions over lists. A list that would not change is given back itself, so that `===` says "nothing to write".
import type { Condition, ConditionStatus } from './types.ts';

export type ConditionUpdate = Omit<Condition, 'lastTransitionTime'>;

/**
 * The list with this condition set. Its transition time is `now` where the condition is new or its status differs, else as it was:
 * another reason, message or generation moves no time.
 */
export function setCondition(
  conditions: readonly Condition[],
  update: ConditionUpdate,
  now: Date,
): readonly Condition[] {
  const at = conditions.findIndex(({ type }) => type === update.type);
  const before = conditions[at];
  if (before === undefined) return [...conditions, { ...update, lastTransitionTime: timestamp(now) }];
  const lastTransitionTime = before.status === update.status ? before.lastTransitionTime : timestamp(now);
  const after: Condition = { ...update, lastTransitionTime };
  return same(before, after) ? conditions : conditions.with(at, after);
}

export function removeCondition(conditions: readonly Condition[], type: string): readonly Condition[] {
  const rest = conditions.filter((one) => one.type !== type);
  return rest.length === conditions.length ? conditions : rest;
}

export function findCondition(conditions: readonly Condition[], type: string): Condition | undefined {
  return conditions.find((one) => one.type === type);
}

export function hasStatus(conditions: readonly Condition[], type: string, status: ConditionStatus): boolean {
  return findCondition(conditions, type)?.status === status;
}

/** metav1.Time knows whole seconds only. */
export function timestamp(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}

function same(one: Condition, other: Condition): boolean {
  return (
    one.status === other.status &&
    one.reason === other.reason &&
    one.message === other.message &&
    one.observedGeneration === other.observedGeneration &&
    one.lastTransitionTime === other.lastTransitionTime
  );
}
