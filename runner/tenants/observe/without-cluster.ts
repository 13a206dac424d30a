// What is known of a Tenant when its cluster or its spec cannot be read: the object itself, and nothing else.
import { finalizer, letGoAnnotation } from '../names.ts';
import type { Scene } from '../operator-world.ts';
import { type Findings, nothingFound } from './findings.ts';

export function invalidFindings(scene: Scene, problem: string): Findings {
  const { observed } = unreachableFindings(scene, '');
  return {
    ...nothingFound,
    observed: { ...observed, cluster: 'engaged', refusal: 'SpecInvalid', workspace: 'absent' },
    why: problem,
  };
}

export function unreachableFindings({ tenant, targetName }: Scene, message: string): Findings {
  const { deletionTimestamp, finalizers = [], annotations = {} } = tenant.metadata ?? {};
  return {
    ...nothingFound,
    why: `cluster ${targetName}: ${message}`,
    observed: {
      asked: deletionTimestamp === undefined ? 'present' : 'absent',
      finalizer: finalizers.includes(finalizer) ? 'set' : 'missing',
      suspend: 'no',
      letGo: annotations[letGoAnnotation] === 'true' ? 'yes' : 'no',
      refusal: 'none',
      cluster: 'unreachable',
      workspace: 'active',
      workspaceFate: 'keep',
      release: 'deployed',
      ...{ fingerprint: 'same', digest: 'same', chart: 'at-hand', driftMode: 'correct', drift: 'none' },
      ...{ health: 'ready', tests: 'none', attempt: 'due' },
    },
  };
}
