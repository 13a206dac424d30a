// The operator put together: leadership, clusters, queues, probes. Everything that works runs only while this process leads.

import { hostname } from 'node:os';
import { join } from 'node:path';
import { collectDefaultMetrics, Registry } from 'prom-client';
import {
  controllerMetrics,
  eventRecorder,
  fenced,
  type Leadership,
  leadership,
  leadershipMetrics,
  type Probes,
  requestMetrics,
  serveProbes,
  specChanged,
} from '../controller/index.ts';
import { wordsOf } from '../errors/index.ts';
import { type KubeClient, systemClock } from '../kube/index.ts';
import { attempts } from './attempts.ts';
import { chartCache } from './chart/cache.ts';
import { engage, ownCluster } from './cluster/engaged.ts';
import { type Fleet, fleet } from './cluster/fleet.ts';
import { confidential } from './confidential.ts';
import { corrections } from './drift/corrections.ts';
import { connectHome } from './home.ts';
import { accessInCluster, accessOf } from './kubeconfig/access.ts';
import { operatorCounts, tenantGauges } from './metrics.ts';
import { eventSource, selfCluster } from './names.ts';
import { type OperatorWorld, shown } from './operator-world.ts';
import { places } from './places.ts';
import { tenantQueues } from './queues.ts';
import { recorders } from './recorders.ts';
import { lookedAtOn, targetOf } from './route.ts';
import { credentialsAnnotation, fromPod, keepSelfSecret } from './self-secret.ts';
import type { Environment, Settings } from './settings.ts';
import { group, idOfKey, idOfTenant, keyOfId, type Tenant } from './tenant.ts';
import { ownChartValues } from './values.ts';

export interface OperatorOptions {
  readonly settings: Settings;
  readonly env: Environment;
  /** Path or name of the helm CLI. */
  readonly helmBinary: string;
  /** An empty folder of its own, removed by whoever made it. */
  readonly folder: string;
  readonly serviceAccountFolder: string;
  readonly log: (line: string) => void;
}

const leaseName = 'tenant-operator';
/** A rollout tells about ten different things, and a scale test rolls out often. */
const eventLimits = { burst: 100, perSecond: 1 / 10 };

/** Runs until the signal is aborted; rejects when leadership is lost, so that the process starts anew. */
export async function runOperator(options: OperatorOptions, signal: AbortSignal): Promise<void> {
  const { settings, log } = options;
  for (const line of settings.overruled) log(line);
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = requestMetrics(registry);
  const counts = operatorCounts(registry);
  const observer = controllerMetrics(registry);
  const client = await connectHome(settings, requests('home'));
  const leads = leadershipOf(options, client);
  if (leads !== undefined) leadershipMetrics(registry, leads);
  let current: Fleet | undefined;
  tenantGauges(registry, () => current);
  const probes = await serveAll(options, registry, leads, () => current);
  const work = (until: AbortSignal) =>
    lead(options, { client, counts, observer, requests, leads }, until, (now) => {
      current = now;
    });
  try {
    if (leads === undefined) await work(signal);
    else if ((await leads.lead(work, signal)) === 'lost') throw new Error('leadership was lost');
  } finally {
    await Promise.all(probes.map((one) => one[Symbol.asyncDispose]()));
    await client.close();
  }
}

function leadershipOf({ settings, log }: OperatorOptions, client: KubeClient): Leadership | undefined {
  if (settings.leaderElection === 'none') return undefined;
  const identity = `${process.env.POD_NAME ?? hostname()}-${process.pid}-${Math.random().toString(36).slice(2, 8)}`;
  return leadership(
    {
      ...{ namespace: settings.namespace, name: leaseName, identity },
      // The last third is for stopping: Helm is asked to end, and ended.
      leaseDurationMs: Math.round(settings.leaseDurationMs / 1000) * 1000,
      renewDeadlineMs: Math.floor((settings.leaseDurationMs * 2) / 3),
      retryPeriodMs: Math.floor(settings.leaseDurationMs / 7.5),
    },
    { client, onError: (error) => log(`the Lease cannot be kept: ${wordsOf(error)}`) },
  );
}

/** Ready: it is known who leads and, where that is this process, which Secrets there are. */
async function serveAll(
  { settings }: OperatorOptions,
  registry: Registry,
  leads: Leadership | undefined,
  current: () => Fleet | undefined,
): Promise<Probes[]> {
  const ready = [
    {
      name: 'leadership',
      trouble: () => (leads?.state() === 'unknown' ? 'the API server does not say who leads' : undefined),
    },
    {
      name: 'caches',
      trouble: () =>
        (leads === undefined || leads.mayAct()) && !current()?.hasSynced()
          ? 'the Secrets of clusters have not been read yet'
          : undefined,
    },
  ];
  const health = await serveProbes({ port: settings.healthPort, ready });
  return [health, await serveProbes({ port: settings.metricsPort, ready, registry })];
}

interface Parts {
  readonly client: KubeClient;
  readonly counts: ReturnType<typeof operatorCounts>;
  readonly observer: ReturnType<typeof controllerMetrics>;
  readonly requests: ReturnType<typeof requestMetrics>;
  readonly leads: Leadership | undefined;
}

async function lead(
  options: OperatorOptions,
  parts: Parts,
  signal: AbortSignal,
  publish: (fleet: Fleet) => void,
): Promise<void> {
  const { settings, env, log, serviceAccountFolder } = options;
  const fence = (client: KubeClient) => (parts.leads === undefined ? client : fenced(client, parts.leads));
  const client = fence(parts.client);
  await keepSelfSecret({ client, settings, env, serviceAccountFolder, log });
  const told = recorders((cluster) =>
    eventRecorder({
      ...{ client: cluster.client, component: eventSource, limits: eventLimits },
      reportingController: `${group}/${eventSource}`,
      reportingInstance: (env.POD_NAME ?? env.HOSTNAME ?? `host-${cluster.name}`).slice(0, 128),
      onError: (error) => log(`an event of cluster ${cluster.name} was not written: ${wordsOf(error)}`),
    }),
  );
  const releases = places();
  const chartValues = ownChartValues(settings);
  const world: OperatorWorld = {
    settings,
    clock: systemClock,
    helmBinary: options.helmBinary,
    charts: chartCache({
      folder: join(options.folder, 'charts'),
      plainHttpRegistries: settings.plainHttpRegistries,
      freshMs: settings.checkIntervalMs,
      monotonicMs: systemClock.monotonicMs,
    }),
    chartValues,
    confidential: confidential(chartValues),
    cluster: (name) => clusters.get(name),
    standing: (name) => clusters.standing(name),
    clusters: () => clusters.all(),
    attempts: attempts(systemClock),
    corrections: corrections(systemClock),
    recorder: told.of,
    counts: parts.counts,
    log,
  };
  const queues = tenantQueues({
    world,
    releases,
    signal,
    observer: {
      ...parts.observer,
      onReconciled: (seen) => {
        parts.observer.onReconciled?.(seen);
        if (seen.outcome === 'failed')
          log(shown(world, seen.key, `${seen.key} failed: ${wordsOf(seen.error)}`));
      },
    },
    onEnd: (error) => log(`a queue ended: ${wordsOf(error)}`),
  });

  /** To the queue of the cluster it goes to; what is nobody's concern here is not queued. */
  function enqueue(storedOn: string, tenant: Tenant): void {
    const target = lookedAtOn(storedOn, tenant);
    if (target !== undefined) queues.enqueue(target, keyOfId(idOfTenant(storedOn, tenant)));
  }

  /** To where it goes now: its release may be what is left of where it went before. */
  function lookAgain(key: string): void {
    const { storedOn, namespace, name } = idOfKey(key);
    const tenant = clusters.get(storedOn)?.tenant(`${namespace}/${name}`);
    if (tenant !== undefined) enqueue(storedOn, tenant);
  }

  function enqueueAllOf(name: string): void {
    for (const cluster of clusters.all())
      for (const tenant of cluster.tenants()) {
        const { clusterRef } = (tenant.spec ?? {}) as { clusterRef?: { secretName: string } };
        if (targetOf(cluster.name, clusterRef) === name) enqueue(cluster.name, tenant);
      }
  }

  const clusters = fleet({
    ...{
      client,
      namespace: settings.namespace,
      label: settings.kubeconfigLabel,
      key: settings.kubeconfigKey,
    },
    ...{ clock: systemClock, signal, log },
    accessOf: (name, kubeconfig, secret) => {
      const own = ownCluster(env, serviceAccountFolder);
      const isPods = secret.metadata?.annotations?.[credentialsAnnotation] === fromPod;
      if (name === selfCluster && isPods && own !== undefined)
        return accessInCluster(own.server, serviceAccountFolder);
      return accessOf(kubeconfig, settings.unsafeKubeconfigs);
    },
    engage: (name, access, until) =>
      engage({
        ...{ name, access, fence, signal: until, watchNamespaces: settings.watchNamespaces },
        crd: name === selfCluster && isWatchCluster(settings) ? settings.watchCluster.crds : 'ensure',
        onRequest: parts.requests(name),
        onTenant: (previous, now, change) => {
          const event = { key: '', object: now };
          const matters =
            change !== 'modified' || specChanged({ ...event, type: 'modified', previous: previous ?? now });
          if (matters) enqueue(name, now);
          // A name or a workspace that was refused to another may be free now.
          if (change === 'deleted')
            enqueueAllOf(
              targetOf(name, (now.spec as { clusterRef?: never } | undefined)?.clusterRef) ?? name,
            );
        },
        onNamespace: (workspace) => releases.inWorkspace({ cluster: name, workspace }).forEach(lookAgain),
        onRelease: (workspace, release) =>
          releases.ofRelease({ cluster: name, workspace, release }).forEach(lookAgain),
        onTrouble: (trouble) => {
          log(`cluster ${name} ${trouble === undefined ? 'answers again' : `does not answer: ${trouble}`}`);
          if (trouble !== undefined) queues.abortHelm(name, `cluster ${name} does not answer: ${trouble}`);
          enqueueAllOf(name);
        },
        onError: (error) => log(`cluster ${name}: ${wordsOf(error)}`),
      }),
    onEngaged: (cluster) => {
      // Its own, those that wait for it at home, and those that it may be in the way of.
      for (const tenant of cluster.tenants()) enqueue(cluster.name, tenant);
      enqueueAllOf(cluster.name);
    },
    onDisengaged: (name, why) => {
      log(`cluster ${name} is disengaged: ${why}`);
      told.leave(name);
      enqueueAllOf(name);
    },
  });
  publish(clusters);
  const ended = Promise.withResolvers<void>();
  if (signal.aborted) ended.resolve();
  else signal.addEventListener('abort', () => ended.resolve(), { once: true });
  await ended.promise;
  await queues.stop();
  await told.flush();
  await clusters.stop();
}

function isWatchCluster({ watchCluster }: Settings): boolean {
  return watchCluster.secret !== undefined || watchCluster.kubeconfigFile !== undefined;
}
