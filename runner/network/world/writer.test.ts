// What goes over the wire when policies change: whole objects, because what is merged keeps defaults of the spec before.
import { expect, test } from 'vitest';
import { clientOf } from '../../kube/index.ts';
import { answerJson, scriptedServer } from '../../kube/testing/index.ts';
import type { NetworkPolicy } from '../model/types.ts';
import { planAnnotation } from './names.ts';
import { Writer } from './writer.ts';

const policy = (spec: NetworkPolicy['spec']): NetworkPolicy => ({
  metadata: { name: 'p', namespace: 'charter-net-ab12-x' },
  spec,
});

test('a patch is told with every field that it touches', async () => {
  await using server = await scriptedServer((_, response) => answerJson(response, 200, {}));
  const client = clientOf(server.kubeconfig);
  const writer = new Writer(client);
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
  await client.close();
});

test('a policy is created, replaced as a whole, and created again after it was deleted', async () => {
  await using server = await scriptedServer((_, response) => answerJson(response, 200, {}));
  const client = clientOf(server.kubeconfig);
  const writer = new Writer(client);
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
  await client.close();
});
