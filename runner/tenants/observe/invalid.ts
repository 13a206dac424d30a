// What is known of a Tenant whose spec cannot be read: the object itself, and nothing else.
import { hasFinalizer } from '../../controller/index.ts';
import { finalizer } from '../names.ts';
import type { Scene } from '../operator-world.ts';
import { type Findings, nothingFound } from './findings.ts';

export function invalidFindings({ tenant }: Scene, problem: string): Findings {
  return {
    ...nothingFound,
    why: problem,
    observed: {
      asked: tenant.metadata?.deletionTimestamp === undefined ? 'present' : 'absent',
      finalizer: hasFinalizer(tenant, finalizer) ? 'set' : 'missing',
      ...{ suspend: 'no', letGo: 'no', refusal: 'SpecInvalid', cluster: 'engaged' },
      ...{ workspace: 'absent', workspaceFate: 'keep', mark: 'set', release: 'deployed', attempt: 'due' },
      ...{ fingerprint: 'same', digest: 'same', chart: 'at-hand', driftMode: 'correct', drift: 'none' },
      ...{ health: 'ready', tests: 'none', correction: 'due' },
    },
  };
}
