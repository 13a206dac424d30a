// Kubernetes objects, from a cluster or from files, become one NetworkState. A Pod template stands in for its Pods.
import { z } from 'zod';
import type { ContainerPort, NamespaceInfo, NetworkPolicy, PodInfo } from '../model/types.ts';
import * as shapes from './shapes.ts';
import type { EndpointsInfo, NetworkState, ServiceInfo } from './types.ts';
import { workloadOf } from './workload.ts';

/** What is wrong with one object; `path` leads to the field, for whoever knows its line. */
export interface ShapeProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

export interface ReadingOptions {
  /** Of objects that name none. */
  readonly namespace: string;
  readonly source: string;
}

/** Collects objects one by one; each answers with its problems, and is taken only where there are none. */
export class StateReader {
  readonly #policies: NetworkPolicy[] = [];
  readonly #namespaces: NamespaceInfo[] = [];
  readonly #pods: PodInfo[] = [];
  readonly #services: ServiceInfo[] = [];
  readonly #endpoints: EndpointsInfo[] = [];
  readonly #notJudged: string[] = [];
  readonly #seen = new Set<string>();
  readonly #options: ReadingOptions;

  constructor(options: ReadingOptions) {
    this.#options = options;
  }

  add(object: unknown): readonly ShapeProblem[] {
    const { apiVersion, kind } = z
      .looseObject({ apiVersion: z.string().catch(''), kind: z.string().catch('') })
      .catch({ apiVersion: '', kind: '' })
      .parse(object);
    if (kind === '' || apiVersion === '')
      return [{ path: [], message: 'is no Kubernetes object: apiVersion and kind are needed' }];
    const take = this.#takers[`${groupOf(apiVersion)}/${kind}`];
    if (take !== undefined) {
      const empty = nullLabels(object);
      return empty.length > 0 ? empty : take(withoutNulls(object), kind);
    }
    if (/NetworkPolicy$/.test(kind)) this.#leaveOut(object, kind, apiVersion);
    return [];
  }

  state(): NetworkState {
    return {
      policies: this.#policies,
      namespaces: this.#namespaces,
      pods: this.#pods,
      services: this.#services,
      endpoints: this.#endpoints,
      source: this.#options.source,
      notJudged: this.#notJudged,
    };
  }

  readonly #takers: Readonly<Record<string, (object: unknown, kind: string) => readonly ShapeProblem[]>> = {
    'networking.k8s.io/NetworkPolicy': (object) =>
      this.#taken(shapes.networkPolicy, object, 'NetworkPolicy', ({ spec }, metadata) =>
        this.#policies.push({ metadata, spec }),
      ),
    '/Namespace': (object) =>
      this.#taken(shapes.namespace, object, 'Namespace', ({ metadata }) =>
        this.#namespaces.push({ name: metadata.name, labels: metadata.labels ?? {} }),
      ),
    '/Pod': (object) =>
      this.#taken(shapes.pod, object, 'Pod', (pod, { namespace }) => {
        if (isRunning(pod)) this.#pods.push(podInfo(pod, namespace));
      }),
    '/Service': (object) =>
      this.#taken(shapes.service, object, 'Service', ({ spec }, metadata) =>
        this.#services.push({ ...metadata, ...serviceInfo(spec) }),
      ),
    'discovery.k8s.io/EndpointSlice': (object) =>
      this.#taken(shapes.endpointSlice, object, 'EndpointSlice', (slice, { namespace }) => {
        const service = slice.metadata.labels?.['kubernetes.io/service-name'];
        if (service !== undefined) this.#endpoints.push(endpointsInfo(slice, `${namespace}/${service}`));
      }),
    'apps/Deployment': (object, kind) => this.#workload(object, kind),
    'apps/StatefulSet': (object, kind) => this.#workload(object, kind),
    'apps/DaemonSet': (object, kind) => this.#workload(object, kind),
    'apps/ReplicaSet': (object, kind) => this.#workload(object, kind),
    'batch/Job': (object, kind) => this.#workload(object, kind),
    'batch/CronJob': (object, kind) =>
      this.#taken(shapes.cronJob, object, kind, ({ spec }, metadata) =>
        this.#standIn(metadata, kind, spec.jobTemplate.spec.template),
      ),
  };

  #workload(object: unknown, kind: string): readonly ShapeProblem[] {
    return this.#taken(shapes.workload, object, kind, ({ spec }, metadata) =>
      this.#standIn(metadata, kind, spec.template),
    );
  }

  #standIn({ namespace, name }: Named, kind: string, template: TemplateShape): void {
    // Two workloads of one name are two Pods; the second carries its kind in the name.
    const isTaken = this.#pods.some((pod) => pod.namespace === namespace && pod.name === name);
    this.#pods.push({
      namespace,
      name: isTaken ? `${kind.toLowerCase()}.${name}` : name,
      labels: template.metadata.labels ?? {},
      ips: [],
      hostNetwork: template.spec.hostNetwork,
      ports: portsOf(template.spec),
      workload: `${kind}/${name}`,
    });
  }

  #taken<T extends { readonly metadata: { readonly name: string; readonly namespace?: string | undefined } }>(
    shape: z.ZodType<T>,
    object: unknown,
    kind: string,
    take: (read: T, named: Named) => unknown,
  ): readonly ShapeProblem[] {
    const { data, error } = shape.safeParse(object);
    if (data === undefined) return (error?.issues ?? []).map(problemOf);
    const { name, namespace = this.#options.namespace } = data.metadata;
    const key = kind === 'Namespace' ? `Namespace ${name}` : `${kind} ${namespace}/${name}`;
    if (this.#seen.has(key)) return [{ path: ['metadata', 'name'], message: `${key} is declared twice` }];
    this.#seen.add(key);
    take(data, { name, namespace });
    return [];
  }

  #leaveOut(object: unknown, kind: string, apiVersion: string): void {
    const { data } = shapes.namespace.safeParse(object);
    const { name = '?', namespace } = data?.metadata ?? {};
    this.#notJudged.push(
      `${kind} (${apiVersion}) ${namespace === undefined ? name : `${namespace}/${name}`}`,
    );
  }
}

interface Named {
  readonly name: string;
  readonly namespace: string;
}

interface TemplateShape {
  readonly metadata: { readonly labels?: Readonly<Record<string, string>> | undefined };
  readonly spec: shapes.PodSpecShape;
}

function groupOf(apiVersion: string): string {
  // NetworkPolicy exists in other groups too, with another meaning; of its own group only v1 does.
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/** As the API server reads JSON: a null field is an absent one, a null item is an empty one. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => (item === null ? {} : withoutNulls(item)));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (item === null ? [] : [[key, withoutNulls(item)]])),
  );
}

/**
 * A label without a value (`app:`, mostly an empty value of a template) is no absent field: without it a selector would mean more Pods
 * than its author thinks.
 */
function nullLabels(value: unknown, path: ShapeProblem['path'] = []): ShapeProblem[] {
  if (typeof value !== 'object' || value === null) return [];
  const isLabels = path.at(-1) === 'labels' || path.at(-1) === 'matchLabels';
  return Object.entries(value).flatMap(([key, item]: [string, unknown]) => {
    const place = [...path, Array.isArray(value) ? Number(key) : key];
    return item === null && isLabels
      ? [{ path: place, message: 'has no value; an empty one is written ""' }]
      : nullLabels(item, place);
  });
}

function problemOf(issue: z.core.$ZodIssue): ShapeProblem {
  const path = issue.path.filter((part) => typeof part !== 'symbol');
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    return { path: [...path, key], message: 'is no field of this kind' };
  }
  return { path, message: issue.message.replace(/^Invalid input: /, '') };
}

/** A Pod that has ended keeps its address in the API while another may already use it. */
function isRunning({ status }: shapes.PodShape): boolean {
  return status.phase !== 'Succeeded' && status.phase !== 'Failed';
}

function podInfo(pod: shapes.PodShape, namespace: string): PodInfo {
  const { metadata, spec, status } = pod;
  const workload = workloadOf(metadata);
  return {
    namespace,
    name: metadata.name,
    labels: metadata.labels ?? {},
    ips: addresses(status.podIPs, status.podIP),
    node: spec.nodeName,
    nodeIps: addresses(status.hostIPs, status.hostIP),
    hostNetwork: spec.hostNetwork,
    ports: portsOf(spec),
    ...(workload === undefined ? {} : { workload }),
  };
}

function addresses(
  many: readonly { readonly ip: string }[] | undefined,
  one: string | undefined,
): readonly string[] {
  const all = many?.map(({ ip }) => ip) ?? [];
  return all.length === 0 && one !== undefined && one !== '' ? [one] : all;
}

/** Those of sidecars count: they run beside the containers as long as the Pod does. */
function portsOf({ containers, initContainers }: shapes.PodSpecShape): readonly ContainerPort[] {
  const serving = [
    ...containers,
    ...initContainers.filter(({ restartPolicy }) => restartPolicy === 'Always'),
  ];
  return serving.flatMap(({ ports }) =>
    ports.map(({ name, containerPort, protocol }) => ({ name, port: containerPort, protocol })),
  );
}

type ServiceSpec = z.infer<typeof shapes.service>['spec'];

function serviceInfo({
  clusterIP,
  clusterIPs,
  selector,
  ports,
}: ServiceSpec): Omit<ServiceInfo, keyof Named> {
  const ips = clusterIPs ?? (clusterIP === undefined ? [] : [clusterIP]);
  return { clusterIps: ips.filter((ip) => ip !== '' && ip !== 'None'), selector, ports };
}

function endpointsInfo(
  { endpoints, ports }: z.infer<typeof shapes.endpointSlice>,
  service: string,
): EndpointsInfo {
  return {
    service,
    addresses: endpoints.flatMap(({ addresses }) => addresses),
    ports: ports.flatMap(({ port, protocol }) => (port === undefined ? [] : [{ port, protocol }])),
  };
}
