// Chart server, OCI registry and fault proxy as objects of the home cluster.
import { createHash } from 'node:crypto';
import type { Thing } from '../../suites/tenants/world.ts';
import { fixturesImage } from './fixtures-image.ts';
import { fixturesNamespace, type Passages } from './network.ts';

const namespace = fixturesNamespace;
const settingsFile = '/etc/proxy/settings.json';

export const chartServer = `http://charts.${namespace}.svc:8080`;
export const ociRegistry = `registry.${namespace}.svc:5000`;

/** `image`: what tells one build of the image from another. */
export function fixtureObjects({ settings, passages }: Passages, image: string): readonly Thing[] {
  const stamp = createHash('sha256').update(`${image} ${settings}`).digest('hex').slice(0, 16);
  const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } },
    {
      ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'fault-proxy', namespace } },
      stringData: { 'settings.json': settings },
    },
    deployment('charts', stamp, {
      containers: [
        container('charts', ['charts', '--port', '8080', '--registry', 'localhost:5000'], 8080, '/-/healthy'),
        container('registry', ['registry', '--port', '5000'], 5000, '/v2/'),
      ],
      volumes: [{ name: 'tmp', emptyDir: {} }],
    }),
    deployment('fault-proxy', stamp, {
      containers: [
        {
          ...container('proxy', ['proxy', '--port', '8080', '--settings', settingsFile], 8080, '/'),
          volumeMounts: [{ name: 'settings', mountPath: '/etc/proxy', readOnly: true }],
        },
      ],
      volumes: [{ name: 'settings', secret: { secretName: 'fault-proxy' } }],
    }),
    service('charts', 'charts', 8080),
    service('registry', 'charts', 5000),
    service('fault-proxy', 'fault-proxy', 8080),
    ...passages.map(({ remote, port }) => service(remote, 'fault-proxy', port)),
  ];
}

function container(name: string, args: readonly string[], port: number, path: string) {
  return {
    name,
    image: fixturesImage,
    imagePullPolicy: 'Never',
    args,
    readinessProbe: { httpGet: { port, path }, periodSeconds: 1 },
    resources: { requests: { cpu: '10m', memory: '64Mi' } },
    volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
  };
}

interface PodParts {
  readonly containers: readonly object[];
  readonly volumes: readonly object[];
}

function deployment(name: string, stamp: string, { containers, volumes }: PodParts): Thing {
  const labels = { 'app.kubernetes.io/name': name };
  return {
    ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace } },
    spec: {
      // Two at once would have two sets of faults.
      strategy: { type: 'Recreate' },
      selector: { matchLabels: labels },
      template: {
        metadata: { labels, annotations: { 'charter-runner.io/stamp': stamp } },
        spec: {
          automountServiceAccountToken: false,
          terminationGracePeriodSeconds: 1,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 65532,
            seccompProfile: { type: 'RuntimeDefault' },
          },
          ...{ containers, volumes },
        },
      },
    },
  };
}

function service(name: string, of: string, port: number): Thing {
  return {
    ...{ apiVersion: 'v1', kind: 'Service', metadata: { name, namespace } },
    spec: { selector: { 'app.kubernetes.io/name': of }, ports: [{ port }] },
  };
}
