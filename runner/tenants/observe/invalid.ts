// What is known of a Tenant whose spec cannot be read: the object itself, and nothing else.
import { finalizer } from '../names.ts';
import type { Scene } from '../operator-world.ts';
import { type Findings, nothingFound } from './findings.ts';

export function invalidFindings({ tenant }: Scene, problem: string): Findings {
  const { deletionTimestamp, finalizers = [] } = tenant.metadata ?? {};
  return {
    ...nothingFound,
    why: problem,
    observed: {
      asked: deletionTimestamp === undefined ? 'present' : 'absent',
      finalizer: finalizers.includes(finalizer) ? 'set' : 'missing',
      ...{ suspend: 'no', letGo: 'no', refusal: 'SpecInvalid', cluster: 'engaged' },
      ...{ workspace: 'absent', workspaceFate: 'keep', mark: 'set', release: 'deployed', attempt: 'due' },
      ...{ fingerprint: 'same', digest: 'same', chart: 'at-hand', driftMode: 'correct', drift: 'none' },
      ...{ health: 'ready', tests: 'none', correction: 'due' },
    },
  };
}
