// A Tenant of a scenario: what it asks for, where it ends up, and what can be seen of it.
import type { ExpectedTenant } from './oracle.ts';
import { within } from './wait.ts';
import type { ClusterName, Thing, World } from './world.ts';

export const tenantsNamespace = 'tenants';

/** As an author writes it; names are given, all else has a default. */
export interface TenantWish {
  readonly name: string;
  /** Cluster that stores it; home. */
  readonly storedOn?: ClusterName;
  /** By clusterRef: where it is rolled out; where it is stored when left out. */
  readonly on?: ClusterName;
  /** Namespace of the object; `tenants`. */
  readonly namespace?: string;
  readonly workspace?: string;
  /** Sample chart; `small`. */
  readonly chart?: string;
  readonly version?: string;
  /** Repository of the chart server; `plain`. */
  readonly repository?: string;
  /** More fields of the spec, over all others. */
  readonly spec?: Readonly<Record<string, unknown>>;
}

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  readonly lastTransitionTime: string;
  readonly observedGeneration?: number;
}

export interface Status {
  readonly phase?: 'Pending' | 'Ready' | 'Error';
  readonly conditions?: readonly Condition[];
  readonly observedGeneration?: number;
}

/** Helm's limit is 53 characters; scenarios keep their names short. */
export const releaseOf = (tenant: string, cluster: string): string => `tenant-${tenant}-${cluster}`;

export class Tenant {
  readonly name: string;
  readonly namespace: string;
  readonly storedOn: ClusterName;
  readonly on: ClusterName;
  readonly workspace: string;
  readonly release: string;
  readonly #world: World;
  #wish: TenantWish;
  /** Of the object that was written last; it may be gone. */
  #uid: string | undefined;

  constructor(world: World, wish: TenantWish) {
    this.#world = world;
    this.#wish = wish;
    this.name = wish.name;
    this.namespace = wish.namespace ?? tenantsNamespace;
    this.storedOn = wish.storedOn ?? 'home';
    this.on = wish.on ?? this.storedOn;
    this.workspace = wish.workspace ?? `${wish.name}-ws`;
    this.release = releaseOf(this.name, this.clusterName);
  }

  /** As the operator calls the cluster it rolls out to. */
  get clusterName(): string {
    return this.on === 'home' ? 'self-cluster' : this.on;
  }

  get cluster() {
    return this.#world.clusters[this.on];
  }

  get store() {
    return this.#world.clusters[this.storedOn];
  }

  get where() {
    return { name: this.name, namespace: this.namespace };
  }

  /** Writes it, with `changes` over what it was first made with. */
  async apply(changes: Partial<TenantWish> = {}): Promise<void> {
    this.#wish = { ...this.#wish, ...changes };
    const { repository = 'plain', chart = 'small', version = '1.0.0', spec = {} } = this.#wish;
    const elsewhere = this.on !== this.storedOn;
    const { metadata } = await this.store.apply({
      ...{ apiVersion: 'mesh.openkcm.io/v1alpha1', kind: 'Tenant', metadata: this.where },
      spec: {
        workspace: this.workspace,
        ...(elsewhere ? { clusterRef: { secretName: this.clusterName } } : {}),
        chartFrom: { repo: this.#world.charts.repository(repository), name: chart, version },
        ...spec,
      },
    });
    this.#uid = metadata.uid;
  }

  async object(): Promise<Thing | undefined> {
    return this.store.find('Tenant', this.where);
  }

  async status(): Promise<Status> {
    return ((await this.object())?.status ?? {}) as Status;
  }

  async condition(kind: 'ClusterReady' | 'ClusterError' | 'ClusterProgress'): Promise<Condition | undefined> {
    const { conditions = [] } = await this.status();
    return conditions.find(({ type }) => type === `${kind}/${this.clusterName}`);
  }

  /** Reached for the spec as it stands, not for one before it. */
  reaches(phase: 'Pending' | 'Ready' | 'Error', seconds: number) {
    return within(seconds, `Tenant ${this.name} is ${phase}`, async () => {
      const object = await this.object();
      if (object === undefined) return 'no such Tenant';
      const status = (object.status ?? {}) as Status;
      const { generation } = object.metadata as { generation?: number };
      if (status.phase === phase && status.observedGeneration === generation) return status;
      return `generation ${generation}, status ${JSON.stringify(status)}`;
    });
  }

  /** Until a condition of this kind says this; one that is false says nothing any more. */
  says(kind: 'ClusterReady' | 'ClusterError' | 'ClusterProgress', words: RegExp, seconds: number) {
    return within(seconds, `${kind} of Tenant ${this.name} says ${words}`, async () => {
      const seen = await this.condition(kind);
      if (seen !== undefined && seen.status !== 'False' && words.test(`${seen.reason}: ${seen.message}`))
        return seen;
      return JSON.stringify((await this.status()).conditions ?? 'no conditions');
    });
  }

  /** Of the object that was written last, also when it is gone: Events live longer than a run. Newest last; each with how often it was seen. */
  async events(): Promise<readonly { reason: string; message: string; count: number; type: string }[]> {
    const uid = this.#uid;
    if (uid === undefined) throw new Error(`Tenant ${this.name} was never written: nothing can tell of it`);
    const events = await this.store.list('Event', { namespace: this.namespace });
    return events
      .filter(({ involvedObject }) => (involvedObject as { uid?: string }).uid === uid)
      .toSorted((a, b) => timeOf(a).localeCompare(timeOf(b)))
      .map(({ reason, message, count, type }) => ({
        reason: String(reason),
        message: String(message),
        count: Number(count ?? 1),
        type: String(type),
      }));
  }

  /** Helm's record of each revision of the release, oldest first. */
  async revisions(): Promise<readonly { readonly version: number; readonly status: string }[]> {
    const labels = `owner=helm,name=${this.release}`;
    const secrets = await this.cluster.list('Secret', { namespace: this.workspace, labels });
    return secrets
      .map(({ metadata }) => ({
        version: Number(metadata.labels?.version),
        status: metadata.labels?.status ?? '',
      }))
      .toSorted((a, b) => a.version - b.version);
  }

  inWorkspace(name: string) {
    return { name, namespace: this.workspace };
  }

  async delete(): Promise<void> {
    await this.store.remove('Tenant', this.where);
  }

  gone(seconds: number) {
    return within(seconds, `Tenant ${this.name} is gone`, async () => {
      const object = await this.object();
      if (object === undefined) return {};
      return `finalizers ${object.metadata.finalizers}, status ${JSON.stringify(object.status)}`;
    });
  }

  /** For the oracle, once it is rolled out. */
  get expectation(): ExpectedTenant {
    const { name, namespace, storedOn, on, workspace, release } = this;
    return { name, namespace, storedOn, rollouts: [{ cluster: on, workspace, release }] };
  }
}

function timeOf({ metadata, lastTimestamp, eventTime }: Thing): string {
  return String(lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? '');
}
