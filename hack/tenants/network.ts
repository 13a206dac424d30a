// What the fault proxy between operator and remotes needs: a certificate, tokens, its settings, and the kubeconfigs that lead through it.
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { run } from '../kind/command.ts';
import { inState } from '../kind/paths.ts';
import { temporaryFolder } from '../kind/temporary.ts';
import type { RunningCluster } from '../kind/up.ts';

export const fixturesNamespace = 'charter-fixtures';

export interface Passage {
  readonly remote: string;
  readonly port: number;
  /** Leads from a Pod at home through the proxy. */
  readonly kubeconfig: string;
}

export interface Passages {
  /** For fixtures/tenants/main.ts. */
  readonly settings: string;
  readonly passages: readonly Passage[];
}

interface Identity {
  readonly key: string;
  readonly cert: string;
  readonly token: string;
}

/** One proxy per remote, on ports from 9001. */
export async function passagesTo(remotes: readonly RunningCluster[]): Promise<Passages> {
  const identity = await identityOf(remotes.map(({ name }) => `${name}.${fixturesNamespace}.svc`));
  const { key, cert, token } = identity;
  const settings: Record<string, object> = {};
  const passages = remotes.map(({ name, internalKubeconfig }, index): Passage => {
    const port = 9_001 + index;
    settings[name] = { port, token, tls: { key, cert }, upstream: upstreamOf(internalKubeconfig) };
    const server = `https://${name}.${fixturesNamespace}.svc:${port}`;
    return { remote: name, port, kubeconfig: kubeconfigOf(name, server, identity) };
  });
  return { settings: JSON.stringify(settings), passages };
}

function kubeconfigOf(name: string, server: string, { cert, token }: Identity): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    contexts: [{ name, context: { cluster: name, user: name } }],
    clusters: [
      { name, cluster: { server, 'certificate-authority-data': Buffer.from(cert).toString('base64') } },
    ],
    users: [{ name, user: { token } }],
  });
}

function upstreamOf(kubeconfigFile: string): object {
  const { clusters, users } = parse(readFileSync(kubeconfigFile, 'utf8'));
  const plain = (base64: string) => Buffer.from(base64, 'base64').toString('utf8');
  return {
    server: clusters[0].cluster.server,
    ca: plain(clusters[0].cluster['certificate-authority-data']),
    cert: plain(users[0].user['client-certificate-data']),
    key: plain(users[0].user['client-key-data']),
  };
}

/** Kept for a week, so that a scene that stands is not torn down for a new certificate. */
async function identityOf(names: readonly string[]): Promise<Identity> {
  const week = Math.floor(Date.now() / 604_800_000);
  const stamp = createHash('sha256').update(`${names} ${week}`).digest('hex').slice(0, 12);
  const file = inState('tenants', `proxy-${stamp}.json`);
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Identity;
  const folder = temporaryFolder('proxy');
  try {
    const [key, cert] = [join(folder, 'key'), join(folder, 'cert')];
    const altNames = `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}`;
    await run([
      ...['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
      ...['-days', '30', '-subj', '/CN=charter-fault-proxy', '-addext', altNames],
      ...['-keyout', key, '-out', cert],
    ]);
    const identity = {
      key: readFileSync(key, 'utf8'),
      cert: readFileSync(cert, 'utf8'),
      token: randomBytes(24).toString('base64url'),
    };
    writeFileSync(file, JSON.stringify(identity), { mode: 0o600 });
    return identity;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
