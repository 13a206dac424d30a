// Label selectors, as the API machinery reads them: all requirements must hold, NotIn also holds where the key is absent.
import type { LabelSelector, Labels, SelectorRequirement } from './types.ts';

/** An empty selector matches everything. */
export function selectorMatcher({
  matchLabels = {},
  matchExpressions = [],
}: LabelSelector): (labels: Labels) => boolean {
  const wanted = Object.entries(matchLabels);
  return (labels) =>
    wanted.every(([key, value]) => labelOf(labels, key) === value) &&
    matchExpressions.every((requirement) => requirementHolds(requirement, labels));
}

export function isEmptySelector({ matchLabels = {}, matchExpressions = [] }: LabelSelector): boolean {
  return Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;
}

function requirementHolds({ key, operator, values = [] }: SelectorRequirement, labels: Labels): boolean {
  const value = labelOf(labels, key);
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
  }
}

/** Labels come from files: `constructor` is no label of an object that has none. */
function labelOf(labels: Labels, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}
