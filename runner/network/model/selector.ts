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

/** The API server sets this label on every namespace, and nobody can change it. */
export const nameLabel = 'kubernetes.io/metadata.name';

/**
 * Asks for a namespace by its name. `labels`: undefined where it was not read; of such a one nothing is known but its name, so that a
 * selector which asks for more is not answered.
 */
export function namespaceMatcher(
  selector: LabelSelector,
): (name: string, labels: Labels | undefined) => 'yes' | 'no' | 'unknown' {
  const { matchLabels = {}, matchExpressions = [] } = selector;
  const matches = selectorMatcher(selector);
  const ofName = Object.entries(matchLabels).filter(([key]) => key === nameLabel);
  const byName = matchExpressions.filter(({ key }) => key === nameLabel);
  const nameMatches = selectorMatcher({ matchLabels: Object.fromEntries(ofName), matchExpressions: byName });
  const asksForMore =
    ofName.length + byName.length < Object.keys(matchLabels).length + matchExpressions.length;
  return (name, labels) => {
    const own = { [nameLabel]: name };
    if (labels !== undefined) return matches({ ...labels, ...own }) ? 'yes' : 'no';
    if (!nameMatches(own)) return 'no';
    return asksForMore ? 'unknown' : 'yes';
  };
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
