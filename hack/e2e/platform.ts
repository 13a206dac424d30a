// The reference platform as a cluster has it: five Deployments and Services under the names the chart expects, default-deny.
import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import type { TargetName } from '../../fixtures/platform/index.ts';
import type { KubeObject } from './kube.ts';
import { namespace } from './kube.ts';

export const release = 'akko';
export const platformImage = 'akko-reference-platform:e2e';

interface Target {
  readonly flag: string;
  readonly port: number;
}

export const targets: Readonly<Record<TargetName, Target>> = {
  keycloak: { flag: 'keycloak', port: 8080 },
  opa: { flag: 'opa', port: 8181 },
  trino: { flag: 'trino', port: 8080 },
  policySync: { flag: 'policy-sync', port: 8080 },
  cockpitBackend: { flag: 'cockpit-backend', port: 8080 },
};

export const serviceOf = (target: TargetName): string => `${release}-akko-${targets[target].flag}`;

/** Passwords and client secrets of the platform; made of one seed, so that a kept cluster keeps them. */
export function platformSecrets(seed: string): Readonly<Record<string, string>> {
  const personas = ['ALICE', 'BOB', 'CAROL', 'DAVE', 'EVE', 'FRANK'].map(
    (name) => `AKKO_TEST_PASSWORD_${name}`,
  );
  const clients = ['CHARTER', 'CHARTER_SHORT', 'SVC_TRINO', 'SVC_COCKPIT_ADMIN'].map(
    (name) => `${name}_CLIENT_SECRET`,
  );
  const value = (key: string) =>
    createHash('sha256').update(`${seed} ${key}`).digest('base64url').slice(0, 24);
  return Object.fromEntries([...personas, ...clients].map((key) => [key, value(key)]));
}

/** Those of this machine's clusters: known without one, so that a folder about a failed set-up has them masked too. */
export function hostSecrets(): Readonly<Record<string, string>> {
  return platformSecrets(createHash('sha256').update(hostname()).digest('hex'));
}

export function personaSecret(secrets: Readonly<Record<string, string>>): KubeObject {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'akko-test-passwords' }, stringData: secrets };
}

/** `image`: what tells one build of the platform's image from another. */
export function platformObjects(
  secrets: Readonly<Record<string, string>>,
  image: string,
): readonly KubeObject[] {
  const own = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'platform-secrets' },
    stringData: secrets,
  };
  return [
    own,
    personaSecret(secrets),
    ...policies(),
    ...(Object.keys(targets) as TargetName[]).flatMap((name) => targetObjects(name, image)),
  ];
}

/** Pod Security `restricted` holds for everything in it. */
export function namespaceObject(): KubeObject {
  const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } } as KubeObject;
}

function targetObjects(name: TargetName, image: string): readonly KubeObject[] {
  const { flag, port } = targets[name];
  const labels = { 'app.kubernetes.io/name': `akko-${flag}`, 'app.kubernetes.io/part-of': 'akko' };
  const urls = (Object.keys(targets) as TargetName[]).flatMap((other) => [
    `--${targets[other].flag}-url`,
    `http://${serviceOf(other)}:${targets[other].port}`,
  ]);
  const container = {
    name: 'target',
    image: platformImage,
    imagePullPolicy: 'Never',
    args: [
      ...['platform', '--only', flag, '--port', String(port), '--host', '0.0.0.0', ...urls],
      ...['--secrets-dir', '/var/run/secrets/platform', '--config-out', '/tmp/charter.yaml'],
    ],
    ports: [{ containerPort: port }],
    readinessProbe: { httpGet: { path: '/-/faults', port }, periodSeconds: 1, timeoutSeconds: 2 },
    resources: { requests: { cpu: '10m', memory: '64Mi' }, limits: { memory: '384Mi' } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    volumeMounts: [
      { name: 'secrets', mountPath: '/var/run/secrets/platform', readOnly: true },
      { name: 'tmp', mountPath: '/tmp' },
    ],
  };
  const spec = {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 2,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 65532,
      runAsGroup: 65532,
      fsGroup: 65532,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [container],
    volumes: [
      { name: 'secrets', secret: { secretName: 'platform-secrets' } },
      { name: 'tmp', emptyDir: {} },
    ],
  };
  const metadata = { name: serviceOf(name), labels };
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        strategy: { type: 'Recreate' },
        template: { metadata: { labels, annotations: { 'charter-runner.io/image': image } }, spec },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { selector: labels, ports: [{ port, targetPort: port }] },
    },
  ];
}

const partOf = { matchLabels: { 'app.kubernetes.io/part-of': 'akko' } };
const runner = { matchLabels: { 'app.kubernetes.io/name': 'akko-charter-runner' } };
export const dns = {
  to: [
    {
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
      podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
    },
  ],
  ports: [
    { port: 53, protocol: 'UDP' },
    { port: 53, protocol: 'TCP' },
  ],
};

function policies(): readonly KubeObject[] {
  const policy = (name: string, spec: object) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name },
    spec,
  });
  return [
    policy('default-deny', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] }),
    policy('platform', {
      podSelector: partOf,
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ from: [{ podSelector: partOf }, { podSelector: runner }] }],
      egress: [dns, { to: [{ podSelector: partOf }] }],
    }),
  ];
}
