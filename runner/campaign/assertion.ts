// Tells a broken promise from everything else that a case may throw.

/**
 * An error of `expect`, chai or node:assert: all have this name, except those of vitest's extended matchers (toBeOneOf,
 * toSatisfy and the author's own), which are plain errors that only their context gives away.
 */
export function isAssertion(thrown: unknown): thrown is Error {
  if (typeof thrown !== 'object' || thrown === null) return false;
  return (thrown as Error).name === 'AssertionError' || '__vitest_error_context__' in thrown;
}
