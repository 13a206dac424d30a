// For tests: a chart that needs no Pods, and what Helm leaves of a release when it is killed in the middle.
import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { tgz } from '../../../fixtures/tenants/tar.ts';
import type { Secret } from '../../kube/index.ts';

export const archive = tgz([
  { path: 'plain/Chart.yaml', text: 'apiVersion: v2\nname: plain\nversion: 1.0.0\n' },
  { path: 'plain/values.yaml', text: 'word: one\n' },
  {
    path: 'plain/templates/config.yaml',
    text: 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: plain, labels: { app: plain } }\ndata: { word: "{{ .Values.word }}" }\n',
  },
]);
export const digest = createHash('sha256').update(archive).digest('hex');

/** The Secret of a revision with another status, in label and content. */
export function interrupted(secret: Secret, status: string): Secret {
  const packed = JSON.parse(
    gunzipSync(Buffer.from(atob(secret.data?.release ?? ''), 'base64')).toString('utf8'),
  ) as { info: object };
  const release = btoa(
    gzipSync(JSON.stringify({ ...packed, info: { ...packed.info, status } })).toString('base64'),
  );
  const labels = { ...secret.metadata?.labels, status };
  return { ...secret, metadata: { ...secret.metadata, labels }, data: { release } };
}
