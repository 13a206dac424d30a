// What is told beside a failure happened since the revision that failed was begun.
import { expect, test } from 'vitest';
import { answerJson } from '../../kube/testing/index.ts';
import { testStage } from '../testing.ts';
import { reasonsIn } from './evidence.ts';

const list = (kind: string, items: object[]) => ({ kind, metadata: { resourceVersion: '1' }, items });
const refused = (lastTimestamp: string, message: string) => ({
  ...{ metadata: { name: message }, type: 'Warning', reason: 'FailedCreate', message, lastTimestamp },
  involvedObject: { kind: 'ReplicaSet', name: 'web-7d9' },
});
const revisions = ['2026-01-01T10:00:00Z', '2026-01-01T11:00:00Z'].map((creationTimestamp, at) => ({
  metadata: { name: `r.v${at}`, creationTimestamp },
}));

test.each([
  ['of this revision', '2026-01-01T11:00:00Z', revisions, ['ReplicaSet web-7d9: quota']],
  ['of the one before', '2026-01-01T10:30:00Z', revisions, []],
  ['where no revision is', '2026-01-01T10:30:00Z', [], ['ReplicaSet web-7d9: quota']],
  ['where revisions cannot be read', '2026-01-01T10:30:00Z', undefined, ['ReplicaSet web-7d9: quota']],
])('a Pod that was refused is told: %s', async (_, at, secrets, expected) => {
  await using stage = await testStage({
    script: ({ url = '' }, response) => {
      if (url.includes('/pods')) return answerJson(response, 200, list('PodList', []));
      if (url.includes('/events'))
        return answerJson(response, 200, list('EventList', [refused(at, 'quota')]));
      if (secrets === undefined) return answerJson(response, 403, { kind: 'Status', code: 403 });
      answerJson(response, 200, list('SecretList', secrets));
    },
  });
  expect(await reasonsIn(stage.context, ['web'])).toEqual(expected);
});
