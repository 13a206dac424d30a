// Which attempt of a stored case is told: the one that JUnit tells.
import { decidingAmong } from '../../journal/index.ts';
import type { AttemptResult, CaseResult } from './cockpit-types.ts';

/** The attempt that shows the verdict. */
export function decidingOf({ verdict, attempts }: CaseResult): AttemptResult | undefined {
  return decidingAmong(verdict, attempts, (attempt) => attempt.verdict);
}
