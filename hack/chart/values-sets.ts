// Value sets that the chart's tests render: as operators would write them, together covering every branch of the templates.
import { charterConfig } from '../../fixtures/platform/charter-config.ts';
import { targetNames } from '../../fixtures/platform/names.ts';
import { readPolicyTable } from '../../fixtures/platform/policy-table.ts';

/** The whole charter of the reference platform, as a `config` value: without the keys that the chart writes. */
function referenceConfig(): object {
  const {
    targets: _targets,
    personaSecret: _secret,
    ...config
  } = charterConfig({
    urls: Object.fromEntries(targetNames.map((name) => [name, ''])) as Record<
      (typeof targetNames)[number],
      string
    >,
    policy: readPolicyTable(),
    secretsDirectory: '',
    trinoAuth: 'jwt',
  });
  return config;
}

const persistent = { type: 'persistentVolumeClaim' };
const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;

export const valueSets = {
  defaults: {},
  'without a lock': { lock: 'none' },
  'lock as text': { lock: 'lease' },
  'lock that waits': { lock: { waitSeconds: 120, leaseSeconds: 60 } },
  'secret through the API': {
    lock: 'none',
    personaSecret: { name: 'passwords', via: 'api', optional: false },
  },
  'lock and secret through the API': { personaSecret: { via: 'api' } },
  'kept reports': { results: persistent, schedule: '', timeZone: 'Europe/Paris' },
  'own claim': { results: { ...persistent, existingClaim: 'reports' } },
  'three shards': { shards: 3, results: { ...persistent, accessModes: ['ReadWriteMany'] }, backoffLimit: 2 },
  'whole charter': { config: referenceConfig(), retry: 0, suites: 'all' },
  'listed campaigns': { suites: ['C-10', 'W2'] },
  'targets elsewhere': {
    inClusterTargets: {
      trino: 'https://trino.query.svc:8443',
      keycloak: 'http://sso.identity.svc.cluster.local',
      opa: 'https://OPA/',
    },
    networkPolicy: {
      targets: { trino: { podLabels: { app: 'trino' }, port: 9443 } },
      apiServer: { addresses: ['172.18.0.2', 'fd00::2', '10.0.0.0/24'], port: 6443 },
      dns: {
        namespace: 'openshift-dns',
        podLabels: { dns: 'default' },
        port: 5353,
        addresses: ['169.254.20.10'],
      },
    },
    config: { targets: { policySync: { expected: false } } },
  },
  'campaigns from a ConfigMap': { extraSuites: { configMap: 'my-campaigns' } },
  'campaigns copied from an image': { extraSuites: { image: { reference: 'my-campaigns:1' } } },
  'campaigns in an image volume': { extraSuites: { image: { reference: 'my-campaigns:1', command: [] } } },
  'placed Pods': {
    image: { repository: 'registry.example.com/akko/runner', digest },
    imagePullPolicy: 'Always',
    imagePullSecrets: [{ name: 'harbor' }],
    nodeSelector: { pool: 'tests' },
    tolerations: [{ key: 'tests', operator: 'Exists' }],
    affinity: { nodeAffinity: {} },
    podAnnotations: { 'example.com/a': 'pod' },
    podLabels: { team: 'data', 'app.kubernetes.io/name': 'other' },
    commonLabels: { owner: 'data', 'app.kubernetes.io/instance': 'other' },
    commonAnnotations: { email: 'data@example.com' },
    networkPolicy: { enabled: false },
  },
  'with the cockpit': {
    database: { podLabels: { app: 'postgres' }, namespace: 'databases' },
    cockpit: {
      enabled: true,
      secret: 'charter-store',
      trustedProxies: ['10.244.0.0/16'],
      ingressFrom: [{ podSelector: { matchLabels: { app: 'oauth2-proxy' } } }],
      embedFrom: ['https://cockpit.example.com'],
      publicUrl: 'https://charter.example.com',
    },
    store: {
      quarantine: [
        { case: 'C-11/11.4[bob]', owner: 'data', reason: 'Trino restarts', expires: '2099-12-31' },
      ],
    },
  },
  'a cockpit over a database elsewhere': {
    database: { addresses: ['192.0.2.7'] },
    cockpit: { enabled: true, secret: 'charter-store' },
  },
  'stored runs': {
    database: { podLabels: { app: 'postgres' }, port: 6432 },
    store: { secret: 'charter-store', required: true },
    lock: { mode: 'postgres', waitSeconds: 10 },
  },
  'other times': {
    config: { budgets: { runMs: 60_001, graceMs: 10_000 } },
    lock: { waitSeconds: 30 },
    ttlSecondsAfterFinished: 5,
  },
} as const;

export type ValueSet = keyof typeof valueSets;
export const valueSetNames = Object.keys(valueSets) as ValueSet[];
