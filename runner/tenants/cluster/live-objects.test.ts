// Whom a change of a live object wakes.
import { expect, test } from 'vitest';
import type { AnyObject } from '../../kube/index.ts';
import { releasesOf } from './live-objects.ts';

const of = (release?: string): AnyObject => ({
  ...{ apiVersion: 'v1', kind: 'ConfigMap' },
  metadata: {
    name: 'plain',
    annotations:
      release === undefined
        ? {}
        : { 'meta.helm.sh/release-name': release, 'meta.helm.sh/release-namespace': 'acme-ws' },
  },
});
const modified = (previous: AnyObject, object: AnyObject) =>
  ({ type: 'modified', key: 'acme-ws/plain', previous, object }) as const;

test.each([
  ['new', { type: 'added', key: 'k', object: of('a') } as const, ['a']],
  ['gone', { type: 'deleted', key: 'k', object: of('a') } as const, ['a']],
  ['changed', modified(of('a'), of('a')), ['a']],
  ['no longer said to be of a release', modified(of('a'), of()), ['a']],
  ['said to be of another release', modified(of('a'), of('b')), ['b', 'a']],
  ['of nobody', modified(of(), of()), []],
])('what is %s', (_, event, releases) => {
  expect(releasesOf(event)).toEqual(releases.map((release) => ({ release, workspace: 'acme-ws' })));
});
