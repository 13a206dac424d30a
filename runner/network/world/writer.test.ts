// What goes over the wire when policies change: whole objects, because what is merged keeps defaults of the spec before.
import { expect, onTestFinished, test } from 'vitest';
import { clientOf } from '../../kube/index.ts';
import { answerJson, scriptedServer } from '../../kube/testing/index.ts';
import type { NetworkPolicy } from '../model/types.ts';
import { planAnnotation } from './names.ts';
import { Writer } from './writer.ts';

const policy = (spec: NetworkPolicy['spec']): NetworkPolicy => ({
  metadata: { name: 'p', namespace: 'charter-net-ab12-x' },
  spec,
});

/** A writer to an API server that stores what it is sent, or what `change` makes of it. */
async function writing(change: (sent: NetworkPolicy) => unknown = (sent) => sent) {
  const server = await scriptedServer(({ method }, response, nth) => {
    const sent = server.bodies[nth - 1] as NetworkPolicy;
    answerJson(response, 200, method === 'DELETE' ? {} : (change(sent) as object));
  });
  const client = clientOf(server.kubeconfig);
  onTestFinished(async () => {
    await client.close();
    await server[Symbol.asyncDispose]();
  });
  return { server, writer: new Writer(client) };
}

test('a patch is told with every field that it touches', async () => {
  const { server, writer } = await writing();
  const pod = { namespace: 'charter-net-ab12-x', name: 'a' };
  await writer.planPod(pod, '{"peers":[]}');
  await writer.labelPod(pod, { pod: 'a', gone: null });
  await writer.labelNamespace('charter-net-ab12-x', { ns: 'x' });
  expect(writer.taken().map(({ purpose, touches }) => [purpose, touches])).toEqual([
    ['plan', [`metadata.annotations.${planAnnotation}`]],
    ['declared', ['metadata.labels.pod', 'metadata.labels.gone']],
    ['declared', ['metadata.labels.ns']],
  ]);
  expect(server.bodies[0]).toEqual({ metadata: { annotations: { [planAnnotation]: '{"peers":[]}' } } });
});

test('a policy is created, replaced as a whole, and created again after it was deleted', async () => {
  const { server, writer } = await writing();
  await writer.putPolicy(policy({ podSelector: {} }));
  await writer.putPolicy(policy({ podSelector: {}, egress: [{}] }));
  await writer.deletePolicy(policy({}));
  await writer.putPolicy(policy({ podSelector: {} }));
  const requests = server.asked.map((line) => line.replace(/\?.*/, ''));
  const all = '/apis/networking.k8s.io/v1/namespaces/charter-net-ab12-x/networkpolicies';
  expect(requests).toEqual([`POST ${all}`, `PUT ${all}/p`, `DELETE ${all}/p`, `POST ${all}`]);
  // Nothing of the first spec, and no version: whoever wrote meanwhile is overwritten.
  expect(server.bodies[1]).toEqual({
    ...{ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' },
    ...policy({ podSelector: {}, egress: [{}] }),
  });
  const { declaredAt } = writer;
  expect(declaredAt).toBeGreaterThan(0);
  await writer.planPod({ namespace: 'charter-net-ab12-x', name: 'a' }, '{}');
  expect(writer.declaredAt).toBe(declaredAt);
  expect(writer.taken().map(({ verb }) => verb)).toEqual(['create', 'replace', 'delete', 'create', 'patch']);
});

test('a policy that somebody changes on its way is written, told, and refused', async () => {
  const { writer } = await writing((sent) => ({ ...sent, spec: { ...sent.spec, ingress: [{}] } }));
  const refusal = { code: 'CHR_WORLD', message: expect.stringContaining('spec.ingress is [{}]') };
  await expect(writer.putPolicy(policy({ podSelector: {} }))).rejects.toMatchObject(refusal);
  await expect(writer.putPolicy(policy({ podSelector: {} }))).rejects.toMatchObject(refusal);
  expect(writer.taken().map(({ verb }) => verb)).toEqual(['create', 'replace']);
});

test('a label that somebody changes on its way is refused, of a new Pod, a new namespace, and later', async () => {
  const { writer } = await writing((sent) => ({ ...sent, metadata: { ...sent.metadata, labels: {} } }));
  const [namespace, name, labels] = ['charter-net-ab12-x', 'a', { team: 'red' }];
  for (const write of [
    writer.createNamespace({ metadata: { name: namespace, labels } }),
    writer.createPod({ metadata: { namespace, name, labels } }, 'world'),
    writer.labelNamespace(namespace, labels),
    writer.labelPod({ namespace, name }, labels),
  ])
    await expect(write).rejects.toMatchObject({
      code: 'CHR_WORLD',
      message: expect.stringContaining('metadata.labels.team is null, sent was "red"'),
    });
});
