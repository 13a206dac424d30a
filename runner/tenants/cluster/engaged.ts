// A cluster that is worked on: its client, its Tenants and namespaces, and what its releases consist of.
import { readFileSync } from 'node:fs';
import {
  type Clock,
  clientOf,
  type Informer,
  informer,
  isKubeError,
  type KubeClient,
  type KubeObject,
  type Namespace,
  pause,
  type RequestRecord,
  resource,
  resources,
  type Selection,
  systemClock,
} from '../../kube/index.ts';
import { tenantCrd } from '../crd.ts';
import type { ClusterAccess } from '../kubeconfig/access.ts';
import { type Tenant, tenants } from '../tenant.ts';
import { type LiveObjects, liveObjects } from './live-objects.ts';
import { type Pulse, pulse } from './pulse.ts';
import { releaseUser, wideGroup } from './workspace-access.ts';

export interface EngagedCluster {
  readonly name: string;
  /** Of its kube-system namespace: two Secrets for one cluster have the same. */
  readonly uid: string;
  /** Of the account that the operator is on it; undefined where it is none. */
  readonly ownNamespace: string | undefined;
  /** As the operator. */
  readonly client: KubeClient;
  /** By `namespace/name`, of all watched namespaces. */
  readonly tenants: () => Tenant[];
  readonly tenant: (key: string) => Tenant | undefined;
  readonly namespace: (name: string) => Namespace | undefined;
  readonly live: LiveObjects;
  /** Why it does not answer at present, in words. */
  readonly trouble: () => string | undefined;
  /** As the ServiceAccount of a workspace; `wide`: with the rights of `--chart-cluster-role` beside its own. */
  readonly as: (workspace: string, reach?: 'wide') => WorkspaceIdentity;
  readonly close: () => Promise<void>;
}

export interface WorkspaceIdentity {
  readonly client: KubeClient;
  readonly helmKubeconfig: string;
}

export interface EngageOptions {
  readonly name: string;
  readonly access: ClusterAccess;
  /** Empty: all. */
  readonly watchNamespaces: readonly string[];
  readonly crd: 'ensure' | 'leave';
  readonly signal: AbortSignal;
  readonly fence: (client: KubeClient) => KubeClient;
  readonly onRequest: (request: RequestRecord) => void;
  readonly onTenant: (
    previous: Tenant | undefined,
    now: Tenant,
    change: 'added' | 'modified' | 'deleted',
  ) => void;
  readonly onNamespace: (name: string) => void;
  /** It has stopped answering, or (undefined) answers again. */
  readonly onTrouble: (trouble: string | undefined) => void;
  readonly onRelease: (workspace: string, release: string) => void;
  readonly onError: (error: unknown) => void;
}

const callMs = 10_000;

/** Rejects when the cluster does not answer or has no Tenants to be read; nothing of it runs on then. */
export async function engage(options: EngageOptions): Promise<EngagedCluster> {
  const { name, access, watchNamespaces, signal, onRequest, fence, onError } = options;
  const clientFor = (as?: string, asGroup?: string) =>
    fence(clientOf(access.forClient(as), { onRequest, name: 'tenant-operator', timeoutMs: callMs, asGroup }));
  const client = clientFor();
  const live = liveObjects({ client, onChange: options.onRelease, onError });
  const selections: Selection[] =
    watchNamespaces.length === 0 ? [{}] : watchNamespaces.map((namespace) => ({ namespace }));
  const ofTenants = selections.map((selection) =>
    informer<Tenant>({ client, resource: tenants, onError, maxBackoffMs: 5_000, ...selection }),
  );
  const ofNamespaces = informer<Namespace>({
    client,
    resource: resources.namespaces,
    onError,
    maxBackoffMs: 5_000,
  });
  const identities = new Map<string, WorkspaceIdentity>();
  /** Its clients would stay for as long as the cluster: a name that comes again gets new ones. */
  const leaveWorkspace = (workspace: string) => {
    for (const key of [identityKey(workspace), identityKey(workspace, 'wide')]) {
      void identities.get(key)?.client.close();
      identities.delete(key);
    }
  };
  const closing = new AbortController();
  let beating: Pulse | undefined;
  const close = async () => {
    closing.abort(new Error('the cluster is left'));
    await beating?.ended;
    await Promise.all([...ofTenants, ofNamespaces, live].map((one) => one.stop()));
    await Promise.all(
      [client, ...[...identities.values()].map((one) => one.client)].map((one) => one.close()),
    );
  };
  try {
    await client.getPath('/version', { signal, timeoutMs: callMs });
    const { metadata } = await client.get(resources.namespaces, { name: 'kube-system' }, { signal });
    const ownNamespace = await ownNamespaceOf(client, signal);
    if (options.crd === 'ensure') await ensureCrd(client, signal);
    for (const one of ofTenants) {
      one.on((event) =>
        options.onTenant(event.type === 'modified' ? event.previous : undefined, event.object, event.type),
      );
      one.start();
    }
    ofNamespaces.on(({ key, type }) => {
      if (type === 'deleted') leaveWorkspace(key);
      options.onNamespace(key);
    });
    ofNamespaces.start();
    await untilSynced([...ofTenants, ofNamespaces], signal);
    const alive = pulse({
      ask: () => client.getPath('/version', { signal: closing.signal, timeoutMs: callMs }),
      ...{ clock: systemClock, signal: closing.signal, onChange: options.onTrouble },
    });
    beating = alive;
    return {
      name,
      uid: metadata?.uid ?? '',
      ownNamespace,
      client,
      tenants: () => ofTenants.flatMap((one) => one.store.list()),
      tenant: (key) => ofTenants.map((one) => one.store.get(key)).find((one) => one !== undefined),
      namespace: (one) => ofNamespaces.store.get(one),
      live,
      trouble: alive.trouble,
      as: (workspace, reach) => {
        const key = identityKey(workspace, reach);
        const known = identities.get(key);
        if (known !== undefined) return known;
        const user = releaseUser(workspace);
        const group = reach === 'wide' ? wideGroup : undefined;
        const identity = { client: clientFor(user, group), helmKubeconfig: access.forHelm(user, group) };
        identities.set(key, identity);
        return identity;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function identityKey(workspace: string, reach: 'wide' | 'own' = 'own'): string {
  return `${workspace} ${reach}`;
}

interface SelfSubjectReview extends KubeObject {
  readonly status?: { readonly userInfo?: { readonly username?: string } };
}
const selfSubjectReviews = resource<SelfSubjectReview>(
  'authentication.k8s.io/v1',
  'SelfSubjectReview',
  'selfsubjectreviews',
  'Cluster',
);

/** API servers before 1.28 do not say who one is. */
async function ownNamespaceOf(client: KubeClient, signal: AbortSignal): Promise<string | undefined> {
  try {
    const { status } = await client.create(selfSubjectReviews, {}, { signal });
    return /^system:serviceaccount:([^:]+):/.exec(status?.userInfo?.username ?? '')?.[1];
  } catch (error) {
    if (isKubeError(error, 'CHR_KUBE_NOT_FOUND', 'CHR_KUBE_FORBIDDEN')) return undefined;
    throw error;
  }
}

const syncMs = 30_000;

async function untilSynced(
  all: readonly Informer<never>[] | readonly Informer<Tenant | Namespace>[],
  signal: AbortSignal,
): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const give = () => {
    const trouble = all.map((one) => one.trouble()).find((one) => one !== undefined);
    reject(trouble ?? signal.reason ?? new Error('its objects could not be listed in time'));
  };
  const limit = setTimeout(give, syncMs);
  signal.addEventListener('abort', give, { once: true });
  try {
    await Promise.race([Promise.all(all.map((one) => one.synced)), promise]);
  } finally {
    clearTimeout(limit);
    signal.removeEventListener('abort', give);
  }
}

const attempts = 5;
/** After the first; longer each time. */
const betweenMs = 250;

/** Only a CRD that is missing is made: one that is there may be newer than ours. */
export async function ensureCrd(
  client: KubeClient,
  signal: AbortSignal,
  clock: Clock = systemClock,
): Promise<void> {
  const ref = { name: tenantCrd.metadata.name };
  for (let attempt = 1; ; attempt += 1) {
    try {
      if ((await client.find(resources.customResourceDefinitions, ref, { signal })) !== undefined) return;
      await client.create(resources.customResourceDefinitions, tenantCrd as never, { signal });
      return;
    } catch (error) {
      if (isKubeError(error, 'CHR_KUBE_ALREADY_EXISTS')) return;
      if (attempt === attempts || !isKubeError(error, 'CHR_KUBE_UNREACHABLE', 'CHR_KUBE_TIMEOUT'))
        throw error;
      await pause(clock, betweenMs * attempt, signal);
    }
  }
}

/** How a Pod reaches its own cluster; undefined outside of one. */
export function ownCluster(
  env: Readonly<Record<string, string | undefined>>,
  folder: string,
): { server: string; ca: string } | undefined {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = env;
  if (!host) return undefined;
  try {
    const ca = readFileSync(`${folder}/ca.crt`, 'utf8');
    const address = host.includes(':') ? `[${host}]` : host;
    return { server: `https://${address}:${port ?? '443'}`, ca };
  } catch {
    return undefined;
  }
}
