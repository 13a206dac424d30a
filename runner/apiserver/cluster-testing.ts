// For tests: an API server that keeps Leases and Secrets as the real one does, with its optimistic concurrency and its strict times,
// and that can be made to fail. Real `charter` processes reach it by the environment of a Pod.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Lease } from './lease.ts';
import { type ApiServer, apiServer, type SeenRequest } from './testing.ts';

export interface FakeCluster extends AsyncDisposable {
  readonly server: ApiServer;
  /** What a Pod's environment would hold. */
  readonly env: Readonly<Record<string, string>>;
  readonly leases: Map<string, Lease>;
  readonly secrets: Map<string, Readonly<Record<string, string>>>;
  /** Status that everything is answered with; 0 closes connections without an answer. */
  failWith: number | undefined;
  /** Milliseconds before each answer. */
  delayMs: number;
  /** Writes the Lease as somebody else would. */
  readonly setLease: (name: string, spec: Lease['spec'] & object) => void;
}

const microTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;

export async function fakeCluster(): Promise<FakeCluster> {
  const leases = new Map<string, Lease>();
  const secrets = new Map<string, Readonly<Record<string, string>>>();
  let version = 1;
  const keep = (name: string, lease: Lease): Lease => {
    const kept = { ...lease, metadata: { ...lease.metadata, name, resourceVersion: String(version++) } };
    leases.set(name, kept);
    return kept;
  };
  const server = await apiServer((request, response) => {
    setTimeout(() => answer(request, response), cluster.delayMs);
  });
  const directory = mkdtempSync(join(tmpdir(), 'charter-serviceaccount-'));
  const { access } = server;
  for (const [name, text] of [
    ['token', access.token()],
    ['ca.crt', access.ca],
    ['namespace', access.namespace],
  ] as const)
    writeFileSync(join(directory, name), text);
  const { hostname, port } = new URL(access.url);

  function answer(request: SeenRequest, response: ServerResponse): void {
    if (cluster.failWith === 0) return void response.socket?.destroy();
    const { status, body } = cluster.failWith === undefined ? handle(request) : refusal(cluster.failWith);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }

  function handle({ method, url, body }: SeenRequest): { status: number; body: unknown } {
    const [, kind = '', name = ''] = /\/(leases|secrets)\/([^/]+)$/.exec(url) ?? [];
    if (kind === 'secrets') {
      const data = secrets.get(name);
      return data === undefined ? refusal(404) : { status: 200, body: { kind: 'Secret', data } };
    }
    const known = leases.get(name);
    if (known === undefined) return refusal(404);
    if (method === 'GET') return { status: 200, body: known };
    const sent = body as Lease;
    if (sent.metadata.resourceVersion !== known.metadata.resourceVersion) return refusal(409);
    for (const time of [sent.spec?.renewTime, sent.spec?.acquireTime])
      if (time !== undefined && !microTime.test(time)) return refusal(400);
    return { status: 200, body: keep(name, sent) };
  }

  const cluster: FakeCluster = {
    ...{ server, leases, secrets },
    env: {
      KUBERNETES_SERVICE_HOST: hostname,
      KUBERNETES_SERVICE_PORT: port,
      CHARTER_SERVICEACCOUNT: directory,
    },
    failWith: undefined,
    delayMs: 0,
    setLease: (name, spec) => void keep(name, { metadata: leases.get(name)?.metadata ?? {}, spec }),
    [Symbol.asyncDispose]: async () => {
      rmSync(directory, { recursive: true, force: true });
      await server[Symbol.asyncDispose]();
    },
  };
  return cluster;
}

function refusal(status: number): { status: number; body: unknown } {
  return { status, body: { kind: 'Status', message: `refused by the test with ${status}` } };
}
