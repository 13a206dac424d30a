// What is half open when something fails is let go: nobody goes on reading logs of Pods that are being removed.
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { answerJson, scriptedServer } from '../../kube/testing/index.ts';
import { openWorld } from './open.ts';

/** Milliseconds after which a log that is still read counts as forgotten. */
const longMs = 5_000;

test('a world whose plan is refused reads no log any more when it is removed', async () => {
  const created = new Map<
    string,
    { readonly metadata: { readonly name: string; readonly namespace?: string } }
  >();
  const logs = new Set<ServerResponse>();
  const bothRead = Promise.withResolvers<void>();
  let stillRead: number | undefined;
  const node = {
    metadata: { name: 'n1' },
    status: { conditions: [{ type: 'Ready', status: 'True' }] },
  };
  const server = await scriptedServer(async ({ method, url = '' }, response) => {
    const path = url.replace(/\?.*/, '');
    if (path.endsWith('/log')) {
      logs.add(response);
      response.once('close', () => logs.delete(response));
      response.writeHead(200).write('\n');
      if (logs.size === 2) bothRead.resolve();
    } else if (method === 'PATCH') {
      await bothRead.promise;
      answerJson(response, 403, { kind: 'Status', code: 403, reason: 'Forbidden', message: 'no plan' });
    } else if (method === 'POST') {
      const body = server.bodies.at(-1) as { metadata: { name: string; namespace?: string } };
      created.set(`${body.metadata.namespace ?? 'namespaces'}/${body.metadata.name}`, body);
      answerJson(response, 201, body);
    } else if (method === 'DELETE') {
      const late = AbortSignal.timeout(longMs);
      for (const log of logs) await once(log, 'close', { signal: late }).catch(() => {});
      stillRead ??= logs.size;
      created.delete(path.replace(/.*(namespaces\/)/, '$1'));
      answerJson(response, 200, {});
    } else {
      answerJson(response, 200, { metadata: { resourceVersion: '1' }, items: itemsOf(path) });
    }
  });
  onTestFinished(() => server[Symbol.asyncDispose]());
  const itemsOf = (path: string): readonly object[] => {
    if (path.endsWith('/nodes')) return [node];
    const [, namespace = 'namespaces'] = /namespaces\/([^/]+)\/pods$/.exec(path) ?? [];
    return [...created].filter(([key]) => key.startsWith(`${namespace}/`)).map(([, body]) => running(body));
  };
  const folder = mkdtempSync(join(tmpdir(), 'charter-open-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const cluster = { kubeconfig: join(folder, 'kubeconfig') };
  writeFileSync(cluster.kubeconfig, server.kubeconfig);
  const opening = openWorld({ cluster, image: 'none', namespaces: ['x'], pods: ['a'], suffix: 'ab12cd' });
  await expect(opening).rejects.toMatchObject({ code: 'CHR_KUBE_FORBIDDEN' });
  expect(stillRead).toBe(0);
});

function running(body: { readonly metadata: { readonly name: string } }): object {
  const containerStatuses = [{ name: 'probe', ready: true }];
  return {
    ...body,
    metadata: { ...body.metadata, uid: body.metadata.name },
    status: { phase: 'Running', podIP: '10.0.0.1', containerStatuses },
  };
}
