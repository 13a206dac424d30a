// The only place that writes to the API server, and it keeps a list of what it wrote.
import {
  isKubeError,
  type KubeClient,
  type KubeObject,
  type Namespace,
  type Pod,
  pause,
  type Resource,
  resource,
  resources,
  systemClock,
} from '../../kube/index.ts';
import type { Labels, NetworkPolicy, PolicySpec } from '../model/types.ts';
import type { LabelPatch } from './changes.ts';
import type { Write } from './declaration.ts';
import { planAnnotation } from './names.ts';
import { requireStoredLabels, requireStoredPolicy } from './stored.ts';

type StoredPolicy = KubeObject & { spec?: PolicySpec };

export const policyResource = resource('networking.k8s.io/v1', 'NetworkPolicy', 'networkpolicies');

/** Milliseconds until a new namespace has its default ServiceAccount, without which no Pod is let in. */
const accountMs = 10_000;

export class Writer {
  readonly #client: KubeClient;
  readonly #writes: Write[] = [];
  readonly #policies = new Set<string>();
  readonly #labels = new Map<string, Labels>();
  #declaredAt = 0;

  constructor(client: KubeClient) {
    this.#client = client;
  }

  /** When the last write was answered that a step declares; by our monotonic clock. Plans, which come later, change nothing for the engine. */
  get declaredAt(): number {
    return this.#declaredAt;
  }

  /** Of a Namespace or Pod of the world, as the API server last gave them. */
  labelsOf(kind: 'Namespace' | 'Pod', name: string): Labels {
    return this.#labels.get(`${kind} ${name}`) ?? {};
  }

  /** Since the last call. */
  taken(): readonly Write[] {
    return this.#writes.splice(0);
  }

  async createNamespace(namespace: Namespace): Promise<void> {
    const { name = '', labels = {} } = namespace.metadata ?? {};
    const stored = await this.#client.create(resources.namespaces, namespace);
    this.#note({ verb: 'create', kind: 'Namespace', name, purpose: 'world' });
    this.#keep('Namespace', name, stored);
    requireStoredLabels('Namespace', name, labels, stored.metadata?.labels);
  }

  async createPod(pod: Pod, purpose: 'world' | 'declared'): Promise<void> {
    const { namespace = '', name = '', labels = {} } = pod.metadata ?? {};
    const stored = await this.#createdPod(pod);
    this.#note({ verb: 'create', kind: 'Pod', namespace, name, purpose });
    this.#keep('Pod', `${namespace}/${name}`, stored);
    requireStoredLabels('Pod', `${namespace}/${name}`, labels, stored.metadata?.labels);
  }

  async #createdPod(pod: Pod): Promise<Pod> {
    const until = performance.now() + accountMs;
    for (;;) {
      try {
        return await this.#client.create(resources.pods, pod);
      } catch (error) {
        const tooEarly = isKubeError(error, 'CHR_KUBE_FORBIDDEN') && error.message.includes('serviceaccount');
        if (!tooEarly || performance.now() > until) throw error;
        await pause(systemClock, 100);
      }
    }
  }

  async deletePod(ref: { readonly namespace: string; readonly name: string }): Promise<void> {
    await this.#delete(resources.pods, 'Pod', ref);
  }

  /**
   * The object is whole afterwards, with its defaults by what it says now. Apply would keep those of the spec before: `policyTypes`,
   * when an earlier policy of that name left them out too. Throws CHR_WORLD where another one than this was stored.
   */
  async putPolicy(policy: NetworkPolicy): Promise<void> {
    const { metadata, spec } = policy;
    const { name, namespace } = metadata;
    const key = `${namespace}/${name}`;
    const verb = this.#policies.has(key) ? 'replace' : 'create';
    const stored = await this.#client[verb]<StoredPolicy>(policyResource, { metadata, spec });
    this.#policies.add(key);
    this.#note({ verb, kind: 'NetworkPolicy', namespace, name, purpose: 'declared' });
    requireStoredPolicy(policy, stored.spec);
  }

  async deletePolicy({ metadata: { name, namespace } }: NetworkPolicy): Promise<void> {
    this.#policies.delete(`${namespace}/${name}`);
    await this.#delete(policyResource as never, 'NetworkPolicy', { namespace, name });
  }

  async labelNamespace(name: string, labels: LabelPatch): Promise<void> {
    const body = { metadata: { labels } };
    const stored = await this.#merge(
      resources.namespaces,
      'Namespace',
      { name },
      { body, purpose: 'declared' },
    );
    this.#keep('Namespace', name, stored);
    requireStoredLabels('Namespace', name, labels, stored.metadata?.labels);
  }

  async labelPod(
    ref: { readonly namespace: string; readonly name: string },
    labels: LabelPatch,
  ): Promise<void> {
    const body = { metadata: { labels } };
    const stored = await this.#merge(resources.pods, 'Pod', ref, { body, purpose: 'declared' });
    this.#keep('Pod', `${ref.namespace}/${ref.name}`, stored);
    requireStoredLabels('Pod', `${ref.namespace}/${ref.name}`, labels, stored.metadata?.labels);
  }

  async planPod(ref: { readonly namespace: string; readonly name: string }, plan: string): Promise<void> {
    const body = { metadata: { annotations: { [planAnnotation]: plan } } };
    await this.#merge(resources.pods, 'Pod', ref, { body, purpose: 'plan' });
  }

  /** What it touches is told from what is sent, not from what was meant. */
  async #merge<T extends KubeObject>(
    of: Resource<T>,
    kind: string,
    ref: { readonly namespace?: string; readonly name: string },
    { body, purpose }: { readonly body: object; readonly purpose: 'declared' | 'plan' },
  ): Promise<T> {
    const stored = await this.#client.patch(of, ref, { type: 'merge', body });
    this.#note({ verb: 'patch', kind, ...ref, purpose, touches: fieldsOf(body) });
    return stored;
  }

  async #delete(
    of: Parameters<KubeClient['delete']>[0],
    kind: string,
    ref: { readonly namespace: string; readonly name: string },
  ): Promise<void> {
    try {
      await this.#client.delete(of, ref);
    } catch (error) {
      // Somebody was faster; the state is what was wanted.
      if (!isKubeError(error, 'CHR_KUBE_NOT_FOUND')) throw error;
    }
    this.#note({ verb: 'delete', kind, ...ref, purpose: 'declared' });
  }

  #keep(kind: 'Namespace' | 'Pod', name: string, { metadata }: KubeObject): void {
    this.#labels.set(`${kind} ${name}`, metadata?.labels ?? {});
  }

  #note(write: Write): void {
    if (write.purpose === 'declared') this.#declaredAt = performance.now();
    this.#writes.push(write);
  }
}

function fieldsOf(body: object): string[] {
  return Object.entries(body).flatMap(([name, value]: [string, unknown]) =>
    typeof value === 'object' && value !== null ? fieldsOf(value).map((field) => `${name}.${field}`) : [name],
  );
}
