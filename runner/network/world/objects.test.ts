// What a prober may do where it runs: nothing. It is a guest in a cluster of somebody else.
import { expect, test } from 'vitest';
import { namespaceObject, podObject } from './objects.ts';

const settings = {
  ...{ suffix: 'ab12cd', image: 'probe', imagePullPolicy: 'Never' as const, ports: [] },
  ...{ node: undefined, faults: undefined },
};
const { spec } = podObject('x/a', settings);

test('a prober has no token, and nothing tells it of other Services', () => {
  expect(spec).toMatchObject({ automountServiceAccountToken: false, enableServiceLinks: false });
});

test('a prober is a user and a group that are nobody, under the runtime’s seccomp profile', () => {
  expect(spec?.securityContext).toEqual({
    ...{ runAsNonRoot: true, runAsUser: 65_532, runAsGroup: 65_532 },
    seccompProfile: { type: 'RuntimeDefault' },
    sysctls: [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '0' }],
  });
});

test('a prober cannot write to its root, has no capability and gets none', () => {
  const [container, ...others] = spec?.containers ?? [];
  expect(others).toEqual([]);
  expect(container?.securityContext).toEqual({
    ...{ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true },
    capabilities: { drop: ['ALL'] },
  });
});

test('a prober has nothing of its node, and its plan to read only', () => {
  for (const own of ['hostNetwork', 'hostPID', 'hostIPC', 'serviceAccountName', 'initContainers'])
    expect(spec).not.toHaveProperty(own);
  const [plan, ...volumes] = spec?.volumes ?? [];
  expect([Object.keys(plan ?? {}), volumes]).toEqual([['name', 'downwardAPI'], []]);
  const [container] = spec?.containers ?? [];
  expect(container?.volumeMounts).toEqual([{ name: 'plan', mountPath: '/plan', readOnly: true }]);
});

test('a prober ends by itself after two hours, and can be named a node that takes no other Pods', () => {
  expect(spec?.activeDeadlineSeconds).toBe(7_200);
  expect(spec).not.toHaveProperty('tolerations');
  expect(podObject('x/a', { ...settings, node: 'n1' }).spec).toMatchObject({
    nodeSelector: { 'kubernetes.io/hostname': 'n1' },
    tolerations: [{ operator: 'Exists', effect: 'NoSchedule' }],
  });
});

test('its namespace takes only Pods that are restricted, and says when it may be removed', () => {
  const { metadata } = namespaceObject('ab12cd', 'x', new Date('2026-01-01T00:00:00Z'));
  expect(metadata?.labels).toMatchObject({ 'pod-security.kubernetes.io/enforce': 'restricted' });
  expect(Object.values(metadata?.annotations ?? {})).toEqual(['2026-01-01T02:00:00.000Z']);
});
