// A real API server for tests: etcd and kube-apiserver on the loopback address, with nothing behind them (no kubelet, no controllers).
// It starts in a few seconds, forgets everything at its end, and can be killed, frozen and brought back.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { clientOf } from '../client.ts';
import type { ApiServerBinaries } from './binaries.ts';
import { begin, freePort, type Running } from './processes.ts';

export interface TestApiServer extends AsyncDisposable {
  readonly url: string;
  /** Of a member of system:masters. `server` is another way to it, e.g. through a proxy of the test. */
  readonly kubeconfig: (server?: string) => string;
  /** Of a user without any right but those that the test binds to the name. */
  readonly kubeconfigOfUser: (name: TestUser) => string;
  /** As `kill -9` does; the state stays in etcd. */
  readonly kill: () => Promise<void>;
  /** After `kill`: the same state at the same address, but nothing of it is in memory. Resolves when it is ready. */
  readonly start: () => Promise<void>;
  /** It keeps its connections and answers nothing. */
  readonly freeze: () => void;
  readonly thaw: () => void;
}

export const testUsers = ['alice', 'bob'] as const;
export type TestUser = (typeof testUsers)[number];

/** Generous, because tests share their machine. */
const startMs = 90_000;

export async function testApiServer({ etcd, kubeApiserver }: ApiServerBinaries): Promise<TestApiServer> {
  const folder = mkdtempSync(join(tmpdir(), 'charter-apiserver-'));
  const tokens = Object.fromEntries(
    ['admin', ...testUsers].map((name) => [name, randomBytes(16).toString('hex')]),
  );
  const { privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'sec1', format: 'pem' },
  });
  const signingKey = join(folder, 'service-account.key');
  writeFileSync(signingKey, privateKey);
  const tokenFile = join(folder, 'tokens.csv');
  const lines = Object.entries(tokens).map(
    ([name, token]) => `${token},${name},${name}${name === 'admin' ? ',system:masters' : ''}`,
  );
  writeFileSync(tokenFile, lines.join('\n'), { mode: 0o600 });

  const [etcdPort, peerPort, port] = [await freePort(), await freePort(), await freePort()];
  const url = `https://127.0.0.1:${port}`;
  const etcdUrl = `http://127.0.0.1:${etcdPort}`;
  const database = begin([
    ...[etcd, '--name=test', `--data-dir=${join(folder, 'etcd')}`, '--unsafe-no-fsync'],
    ...[`--listen-client-urls=${etcdUrl}`, `--advertise-client-urls=${etcdUrl}`],
    ...[`--listen-peer-urls=http://127.0.0.1:${peerPort}`, `--log-level=error`],
    `--initial-advertise-peer-urls=http://127.0.0.1:${peerPort}`,
    `--initial-cluster=test=http://127.0.0.1:${peerPort}`,
  ]);
  const command = [
    ...[kubeApiserver, `--etcd-servers=${etcdUrl}`, '--bind-address=127.0.0.1', `--secure-port=${port}`],
    ...[`--cert-dir=${join(folder, 'certificates')}`, `--token-auth-file=${tokenFile}`],
    ...['--authorization-mode=RBAC', '--disable-admission-plugins=ServiceAccount'],
    ...['--service-cluster-ip-range=10.0.0.0/24', '--service-account-issuer=https://kubernetes.default.svc'],
    ...[`--service-account-key-file=${signingKey}`, `--service-account-signing-key-file=${signingKey}`],
    // It would announce itself as the endpoint of the Service `kubernetes`, at an address that is not the loopback one.
    ...['--endpoint-reconciler-type=none', '--advertise-address=192.0.2.1'],
  ];
  const certificate = join(folder, 'certificates', 'apiserver.crt');
  let running: Running = begin(command);

  const kubeconfigOf = (name: string, server = url) =>
    JSON.stringify({
      ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'test' },
      clusters: [
        {
          name: 'test',
          cluster: {
            server,
            'certificate-authority-data': readFileSync(certificate).toString('base64'),
          },
        },
      ],
      users: [{ name, user: { token: tokens[name] } }],
      contexts: [{ name: 'test', context: { cluster: 'test', user: name } }],
    });

  async function ready(): Promise<void> {
    const until = performance.now() + startMs;
    for (;;) {
      if (
        running.process.exitCode !== null ||
        database.process.exitCode !== null ||
        performance.now() > until
      )
        throw new Error(`the API server did not start: ${running.said()}\n${database.said()}`);
      if (existsSync(certificate) && (await isReady(kubeconfigOf('admin')))) return;
      await sleep(100);
    }
  }

  async function end(): Promise<void> {
    await running.end('SIGKILL');
    await database.end('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }

  try {
    await ready();
  } catch (error) {
    await end();
    throw error;
  }
  return {
    url,
    kubeconfig: (server) => kubeconfigOf('admin', server),
    kubeconfigOfUser: (name) => kubeconfigOf(name),
    kill: () => running.end('SIGKILL'),
    start: async () => {
      running = begin(command);
      await ready();
    },
    freeze: () => void running.process.kill('SIGSTOP'),
    thaw: () => void running.process.kill('SIGCONT'),
    [Symbol.asyncDispose]: end,
  };
}

async function isReady(kubeconfig: string): Promise<boolean> {
  const client = clientOf(kubeconfig, { timeoutMs: 2_000 });
  try {
    await client.getPath('/readyz');
    // The namespace that most tests write into is made a moment after it is ready.
    await client.getPath('/api/v1/namespaces/default');
    return true;
  } catch {
    return false;
  } finally {
    await client.close();
  }
}
