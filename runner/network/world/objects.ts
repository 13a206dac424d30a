// The objects of a world as they are written: namespaces under the restricted Pod Security Standard, and Pods that fulfil it.
import type { Namespace, Pod } from '../../kube/index.ts';
import { portText } from '../probe/wire.ts';
import type { PodId } from '../verdict/index.ts';
import type { ServedPort } from './declaration.ts';
import {
  baseNamespaceLabels,
  basePodLabels,
  containerName,
  expiresAnnotation,
  harnessLabels,
  partsOf,
  planAnnotation,
  realNamespace,
} from './names.ts';

/** Seconds after which a world ends by itself: its Pods stop, and any sweep may take it. */
export const lifetimeSeconds = 7_200;

export function namespaceObject(suffix: string, short: string, now: Date): Namespace {
  const expires = new Date(now.getTime() + lifetimeSeconds * 1_000).toISOString();
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: realNamespace(suffix, short),
      labels: {
        ...harnessLabels(suffix),
        ...baseNamespaceLabels(short),
        'pod-security.kubernetes.io/enforce': 'restricted',
      },
      annotations: { [expiresAnnotation]: expires },
    },
  };
}

export interface PodSettings {
  readonly suffix: string;
  readonly image: string;
  readonly imagePullPolicy: 'Never' | 'IfNotPresent' | 'Always';
  readonly ports: readonly ServedPort[];
  /** Hostname label of the node; undefined leaves it to the scheduler. */
  readonly node: string | undefined;
  /** Names of planted defects; see runner/network/probe/faults.ts. */
  readonly faults: string | undefined;
}

/** The name of a port goes into the Pod only; two Pods may call different numbers the same. */
export function podObject(id: PodId, settings: PodSettings): Pod {
  const { suffix, image, imagePullPolicy, ports, node, faults } = settings;
  const { namespace, pod } = partsOf(id);
  const field = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: pod,
      namespace: realNamespace(suffix, namespace),
      labels: { ...harnessLabels(suffix), ...basePodLabels(id) },
      annotations: { [planAnnotation]: '' },
    },
    spec: {
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 1,
      activeDeadlineSeconds: lifetimeSeconds,
      ...(node === undefined
        ? {}
        : {
            nodeSelector: { 'kubernetes.io/hostname': node },
            tolerations: [{ operator: 'Exists', effect: 'NoSchedule' }],
          }),
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 65_532,
        runAsGroup: 65_532,
        seccompProfile: { type: 'RuntimeDefault' },
        // A safe sysctl; runtimes differ in what they set by themselves.
        sysctls: [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '0' }],
      },
      containers: [
        {
          name: containerName,
          image,
          imagePullPolicy,
          ports: ports.map(({ port, protocol, name }) => ({
            containerPort: port,
            protocol,
            ...(name === undefined ? {} : { name }),
          })),
          env: [
            { name: 'CHARTER_PROBE_ID', value: id },
            { name: 'CHARTER_PROBE_PORTS', value: ports.map(portText).join(',') },
            field('CHARTER_PROBE_UID', 'metadata.uid'),
            field('CHARTER_PROBE_ADDRESS', 'status.podIP'),
            ...(faults === undefined ? [] : [{ name: 'CHARTER_PROBE_FAULTS', value: faults }]),
          ],
          resources: { requests: { cpu: '10m', memory: '48Mi' }, limits: { memory: '192Mi' } },
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
          volumeMounts: [{ name: 'plan', mountPath: '/plan', readOnly: true }],
        },
      ],
      volumes: [
        {
          name: 'plan',
          downwardAPI: {
            items: [{ path: 'plan', fieldRef: { fieldPath: `metadata.annotations['${planAnnotation}']` } }],
          },
        },
      ],
    },
  };
}
