// For tests: the queues of a cluster whose Helm hangs for some Tenants, with everything below them but the API server and the helm CLI.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Secret } from '../kube/index.ts';
import { answerJson, type Script } from '../kube/testing/index.ts';
import type { EngagedCluster } from './cluster/engaged.ts';
import { finalizer, labelOf, tenantLabel } from './names.ts';
import type { OperatorWorld } from './operator-world.ts';
import { places } from './places.ts';
import { tenantQueues } from './queues.ts';
import type { Tenant } from './tenant.ts';
import { type TestStage, testStage } from './testing.ts';

export const cluster = 'self-cluster';
const keyOf = (name: string) => `${cluster}|tenants|${name}`;
export const releaseOf = (name: string) => `tenant-${name}-${cluster}`;

export function tenantOf(name: string, more: Tenant['metadata'] = {}): Tenant {
  return {
    metadata: {
      ...{ name, namespace: 'tenants', uid: `uid-${name}`, generation: 1, resourceVersion: '1' },
      ...{ finalizers: [finalizer], ...more },
    },
    spec: { workspace: `${name}-ws` },
    status: { phase: 'Ready' },
  };
}

export const config = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'plain' },
  data: { word: 'one' },
};

/** As Helm keeps it; pending, it is what a killed install leaves, which a rollout begins by taking away. */
function releaseSecret(tenant: string, status: 'deployed' | 'pending-install'): Secret {
  const name = releaseOf(tenant);
  const packed = { name, version: 1, info: { status }, manifest: `---\n${JSON.stringify(config)}\n` };
  const gzipped = gzipSync(JSON.stringify(packed)).toString('base64');
  return {
    metadata: {
      ...{
        name: `sh.helm.release.v1.${name}.v1`,
        namespace: `${tenant}-ws`,
        uid: name,
        resourceVersion: '1',
      },
      labels: { owner: 'helm', name, version: '1', status, [tenantLabel]: labelOf(`uid-${tenant}`) },
    },
    data: { release: Buffer.from(gzipped).toString('base64') },
  };
}

/** Helm that hangs for those called `slow…` until it is asked to end; everything else it does at once. */
function slowHelm(folder: string): { readonly binary: string; readonly calls: () => string[] } {
  const [binary, log] = [join(folder, 'helm'), join(folder, 'calls')];
  const lines = ['#!/bin/sh', `echo "$1 $2" >>'${log}'`, 'case "$2" in tenant-slow*) exec sleep 600;; esac'];
  writeFileSync(binary, lines.join('\n'), { mode: 0o700 });
  const calls = () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []);
  return { binary, calls };
}

export interface Busy extends AsyncDisposable {
  readonly stage: TestStage;
  readonly queues: ReturnType<typeof tenantQueues>;
  readonly calls: () => string[];
  readonly fallSilent: () => void;
  /** After the next look has read its last, and before it is acted on. */
  readonly fallSilentInLook: () => void;
  readonly answerAgain: () => void;
  readonly saysOf: (name: string) => string;
  readonly add: (tenant: Tenant) => void;
  readonly vanish: (name: string) => void;
  /** What was made in that workspace, by hand or by a correction. */
  readonly live: Map<string, object>;
}

export async function busy(flags = {}): Promise<Busy> {
  const folder = mkdtempSync(join(tmpdir(), 'tenant-queues-test-'));
  const stop = new AbortController();
  const helm = slowHelm(folder);
  const all = new Map<string, Tenant>();
  const live = new Map<string, object>();
  let trouble: string | undefined;
  let troubleOfNextLook: string | undefined;
  const script: Script = (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://server');
    const [, tenant = ''] = /\/namespaces\/(.+)-ws\//.exec(pathname) ?? [];
    const body = stage.server.bodies.at(-1) as Tenant & object;
    if (pathname === '/api/v1')
      return answerJson(response, 200, {
        resources: [{ name: 'configmaps', kind: 'ConfigMap', namespaced: true }],
      });
    if (pathname.endsWith('/secrets')) {
      trouble ??= troubleOfNextLook;
      const isGone = helm.calls().includes(`uninstall ${releaseOf(tenant)}`);
      const status = tenant.startsWith('slow') ? 'pending-install' : 'deployed';
      return answerJson(response, 200, {
        kind: 'SecretList',
        metadata: { resourceVersion: '1' },
        items: isGone && !tenant.startsWith('slow') ? [] : [releaseSecret(tenant, status)],
      });
    }
    if (pathname.includes('/configmaps/')) {
      const before = live.get(tenant) ?? {};
      const after = request.method === 'PATCH' ? { ...before, ...body } : before;
      if (!searchParams.has('dryRun')) live.set(tenant, after);
      return answerJson(response, 200, after);
    }
    const [, name = ''] = /\/tenants\/tenants\/([^/]+)/.exec(pathname) ?? [];
    const known = all.get(name);
    if (known === undefined) return answerJson(response, 404, { kind: 'Status', message: `no ${pathname}` });
    const resourceVersion = String(Number(known.metadata?.resourceVersion) + 1);
    const metadata = { ...known.metadata, ...body?.metadata, resourceVersion };
    if (request.method === 'PATCH') all.set(name, { ...known, ...body, metadata });
    return answerJson(response, 200, all.get(name) ?? {});
  };
  const stage = await testStage({ script, flags: { chartInstallCrds: 'false', ...flags } });
  const { world, scene } = stage.context;
  const engaged: EngagedCluster = {
    ...scene.store,
    tenants: () => [...all.values()],
    tenant: (key) => all.get(key.split('/')[1] ?? ''),
    namespace: (name) => ({ metadata: { name, annotations: {} } }),
    trouble: () => trouble,
    live: { get: () => 'unwatched', stop: async () => {} },
  };
  const whole: OperatorWorld = {
    ...world,
    ...{ helmBinary: helm.binary, cluster: () => engaged, clusters: () => [engaged] },
  };
  const queues = tenantQueues({
    ...{ world: whole, releases: places(), observer: {}, signal: stop.signal, clock: stage.clock },
    onEnd: (error) => {
      throw error;
    },
  });
  const enqueueAll = () => {
    for (const name of all.keys()) queues.enqueue(cluster, keyOf(name));
  };
  return {
    ...{ stage, queues, live, calls: helm.calls },
    fallSilent: () => {
      trouble = 'no answer';
      queues.abortHelm(cluster, trouble);
      enqueueAll();
    },
    fallSilentInLook: () => {
      troubleOfNextLook = 'no answer';
    },
    answerAgain: () => {
      trouble = undefined;
      enqueueAll();
    },
    saysOf: (name) => JSON.stringify(all.get(name)?.status ?? {}),
    add: (tenant) => {
      all.set(tenant.metadata?.name ?? '', tenant);
      queues.enqueue(cluster, keyOf(tenant.metadata?.name ?? ''));
    },
    vanish: (name) => {
      all.delete(name);
      queues.enqueue(cluster, keyOf(name));
    },
    [Symbol.asyncDispose]: async () => {
      stop.abort(new Error('end of test'));
      await queues.stop();
      await stage[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
