// A Postgres in the platform's namespace, as a database team would give one: tables made, a login for runs and one for pages.
import { Client } from 'pg';
import { openStore, postgresConnection, type Store } from '../../runner/store/index.ts';
import { run } from '../kind/command.ts';
import { load } from '../kind/load.ts';
import { eventually } from './eventually.ts';
import { forward } from './forward.ts';
import type { Kube, KubeObject } from './kube.ts';
import { namespace } from './kube.ts';
import { postgresArchive, postgresImage } from './postgres-image.ts';

export const podLabels = { app: 'charter-postgres' };
const name = 'charter-postgres';
const port = 5432;
const passwords = { postgres: 'owner-4711', nightly: 'runs-4712', page: 'pages-4713' };

/** `store`, `pages`: Secrets with the URL as `uri`, as the chart takes them. */
export const secrets = { store: 'charter-store', pages: 'charter-store-pages' };

/** For Pods of the cluster; `postgres` is the owner. */
export const urlOf = (login: keyof typeof passwords) =>
  `postgres://${login}:${passwords[login]}@${name}.${namespace}.svc:${port}/postgres?sslmode=disable`;

export async function startPostgres(kube: Kube, nodes: readonly string[]): Promise<void> {
  await load([await postgresArchive()], nodes);
  await kube.apply(objects());
  await kube.text('rollout', 'status', `deployment/${name}`, '--timeout=120s');
  await withOwner(kube, async (owner, url) => {
    const node = process.execPath;
    const charter = ['--no-warnings', 'runner/cli/charter.mjs', 'store', 'migrate', '--store', 'postgres'];
    await run([node, ...charter], { env: { PGHOST: '127.0.0.1', ...url } });
    for (const [login, role] of [
      ['nightly', 'charter_runner'],
      ['page', 'charter_cockpit'],
    ] as const)
      await owner.query(`create role ${login} login password '${passwords[login]}' in role ${role}`);
  });
}

/** One query as the owner. */
export async function ask<Row extends object>(kube: Kube, sql: string): Promise<readonly Row[]> {
  let rows: readonly Row[] = [];
  await withOwner(kube, async (owner) => {
    rows = (await owner.query<Row>(sql)).rows;
  });
  return rows;
}

/** As the owner, by the means of the store itself. */
export async function withStore(kube: Kube, act: (store: Store) => Promise<void>): Promise<void> {
  await withOwner(kube, async (_owner, url) => {
    const env = { PGHOST: '127.0.0.1', ...url };
    const connection = postgresConnection({ env, application: 'charter e2e' });
    const store = await openStore({ kind: 'postgres', connection }, { schema: 'expect' });
    try {
      await act(store);
    } finally {
      await store.close();
    }
  });
}

/** 0 replicas is a database that is away. */
export async function scalePostgres(kube: Kube, replicas: 0 | 1): Promise<void> {
  await kube.text('scale', `deployment/${name}`, `--replicas=${replicas}`);
  await eventually(`${replicas} Pods of the database`, { within: 60 }, async () => {
    const { items } = await kube.json<{ items: object[] }>(
      'get',
      'pods',
      '--selector',
      `app=${podLabels.app}`,
    );
    return items.length === replicas ? {} : `${items.length} Pods`;
  });
  if (replicas === 1) await kube.text('rollout', 'status', `deployment/${name}`, '--timeout=60s');
}

export async function removePostgres(kube: Kube): Promise<void> {
  // The claim last: it stays until no Pod uses it.
  for (const { kind, metadata } of objects().toReversed())
    await kube.remove(String(kind).toLowerCase(), metadata.name);
}

async function withOwner(
  kube: Kube,
  act: (owner: Client, env: Readonly<Record<string, string>>) => Promise<void>,
): Promise<void> {
  const door = await forward(kube, `deployment/${name}`, port);
  const env = {
    PGPORT: String(door.port),
    PGUSER: 'postgres',
    PGPASSWORD: passwords.postgres,
    PGDATABASE: 'postgres',
    PGSSLMODE: 'disable',
  };
  const owner = new Client({
    ...{ host: '127.0.0.1', port: door.port, user: 'postgres', password: passwords.postgres },
    database: 'postgres',
  });
  try {
    await owner.connect();
    await act(owner, env);
  } finally {
    await owner.end();
    door.close();
  }
}

function objects(): readonly KubeObject[] {
  const secret = (of: string, stringData: Readonly<Record<string, string>>) => ({
    ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name: of } },
    stringData,
  });
  const from = (selector: object) => ({ podSelector: { matchLabels: selector } });
  return [
    secret('charter-postgres', { password: passwords.postgres }),
    secret(secrets.store, { uri: urlOf('nightly') }),
    secret(secrets.pages, { uri: urlOf('page') }),
    {
      ...{ apiVersion: 'v1', kind: 'Service', metadata: { name } },
      spec: { selector: podLabels, ports: [{ port }] },
    },
    {
      ...{ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name } },
      spec: {
        podSelector: { matchLabels: podLabels },
        ingress: [{ from: [from({ 'app.kubernetes.io/name': 'akko-charter-runner' })], ports: [{ port }] }],
      },
    },
    {
      ...{ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name } },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    },
    deployment(),
  ];
}

function deployment(): KubeObject {
  const container = {
    ...{ name: 'postgres', image: postgresImage, imagePullPolicy: 'Never' },
    ports: [{ containerPort: port }],
    readinessProbe: { tcpSocket: { port }, periodSeconds: 1 },
    securityContext: {
      ...{ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true },
      capabilities: { drop: ['ALL'] },
    },
    volumeMounts: [
      { name: 'data', mountPath: '/data' },
      { name: 'tmp', mountPath: '/tmp' },
      { name: 'password', mountPath: '/var/run/secrets/postgres', readOnly: true },
    ],
  };
  return {
    ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name } },
    spec: {
      ...{ replicas: 1, strategy: { type: 'Recreate' }, selector: { matchLabels: podLabels } },
      template: {
        metadata: { labels: podLabels },
        spec: {
          ...{
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            terminationGracePeriodSeconds: 5,
          },
          securityContext: {
            ...{ runAsNonRoot: true, runAsUser: 65532, fsGroup: 65532 },
            seccompProfile: { type: 'RuntimeDefault' },
          },
          containers: [container],
          volumes: [
            { name: 'data', persistentVolumeClaim: { claimName: name } },
            { name: 'tmp', emptyDir: {} },
            { name: 'password', secret: { secretName: 'charter-postgres' } },
          ],
        },
      },
    },
  };
}
