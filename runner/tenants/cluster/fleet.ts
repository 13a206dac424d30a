// Which clusters there are, from the kubeconfig Secrets of one namespace. Each cluster is engaged by a task of its own, so that one that does
// not answer delays nobody; and what cannot be read is never taken for gone.

import { createHash } from 'node:crypto';
import { wordsOf } from '../../errors/index.ts';
import {
  type Clock,
  type Informer,
  informer,
  type KubeClient,
  pause,
  resources,
  type Secret,
} from '../../kube/index.ts';
import type { ClusterAccess } from '../kubeconfig/access.ts';
import { selfCluster } from '../names.ts';
import type { EngagedCluster } from './engaged.ts';

export type ClusterState = 'connecting' | 'engaged' | 'refused';

/** `joining`: it is being connected, and has had too little time to be called unreachable. */
export type Standing =
  | { readonly is: 'engaged' | 'joining' | 'absent' }
  | { readonly is: 'unreachable'; readonly why: string };

export interface Fleet {
  readonly get: (name: string) => EngagedCluster | undefined;
  readonly standing: (name: string) => Standing;
  readonly all: () => readonly EngagedCluster[];
  /** Every Secret that is a cluster, with what became of it. */
  readonly states: () => ReadonlyMap<string, { readonly state: ClusterState; readonly why: string }>;
  readonly hasSynced: () => boolean;
  readonly stop: () => Promise<void>;
}

export interface FleetOptions {
  /** Of the cluster with the Secrets. */
  readonly client: KubeClient;
  readonly namespace: string;
  readonly label: string;
  readonly key: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Throws CHR_KUBECONFIG for one that must not be used. */
  readonly accessOf: (name: string, kubeconfig: string, secret: Secret) => ClusterAccess;
  readonly engage: (name: string, access: ClusterAccess, signal: AbortSignal) => Promise<EngagedCluster>;
  readonly onEngaged: (cluster: EngagedCluster) => void;
  readonly onDisengaged: (name: string, why: string) => void;
  readonly log: (line: string) => void;
}

interface Membership {
  readonly hash: string;
  readonly secret: Secret;
  readonly sinceMs: number;
  readonly leave: (why: string) => Promise<void>;
  cluster: EngagedCluster | undefined;
  state: ClusterState;
  why: string;
}

const firstRetryMs = 500;
const longestRetryMs = 15_000;
/** A restart or a rotated kubeconfig is no outage. */
const joiningMs = 10_000;

export function fleet(options: FleetOptions): Fleet {
  const { client, namespace, label, key, log } = options;
  const members = new Map<string, Membership>();
  /** Ends of memberships that are over: the next one of the same name begins after them. */
  const leaving = new Map<string, Promise<void>>();
  /** Resolves when the next membership is over, and is then made anew. */
  let someoneLeft = Promise.withResolvers<void>();
  const secrets: Informer<Secret> = informer({
    clock: options.clock,
    ...{
      client,
      resource: resources.secrets,
      namespace,
      labelSelector: `${label}=true`,
      maxBackoffMs: 5_000,
    },
    onError: (error) =>
      log(`Secrets with kubeconfigs cannot be read, clusters stay as they are: ${wordsOf(error)}`),
  });

  function follow(name: string, secret: Secret | undefined): void {
    const data = secret?.metadata?.deletionTimestamp === undefined ? secret?.data?.[key] : undefined;
    const known = members.get(name);
    if (secret === undefined || data === undefined || data === '') {
      if (secret !== undefined) log(`Secret ${name} has no data key ${key}: skipped`);
      if (known !== undefined) leave(name, known, 'its Secret is gone');
      return;
    }
    const kubeconfig = Buffer.from(data, 'base64');
    const hash = createHash('sha256').update(kubeconfig).digest('hex');
    if (known?.hash === hash) return;
    if (known !== undefined) leave(name, known, 'its kubeconfig has changed');
    members.set(name, join(name, hash, kubeconfig.toString('utf8'), secret));
  }

  function leave(name: string, member: Membership, why: string): void {
    members.delete(name);
    const before = leaving.get(name);
    leaving.set(
      name,
      Promise.all([before, member.leave(why)]).then(() => {
        someoneLeft.resolve();
        someoneLeft = Promise.withResolvers();
      }),
    );
  }

  function join(name: string, hash: string, kubeconfig: string, secret: Secret): Membership {
    const stop = new AbortController();
    const signal = AbortSignal.any([stop.signal, options.signal]);
    const member: Membership = {
      hash,
      secret,
      sinceMs: options.clock.monotonicMs(),
      state: 'connecting',
      why: 'not yet answered',
      cluster: undefined,
      leave: async (why) => {
        stop.abort(new Error(why));
        await working;
        if (member.cluster === undefined) return;
        const { cluster } = member;
        member.cluster = undefined;
        options.onDisengaged(name, why);
        await cluster.close();
      },
    };
    const working = engageAfter(leaving.get(name), member, { name, kubeconfig, secret, signal });
    return member;
  }

  async function engageAfter(
    before: Promise<void> | undefined,
    member: Membership,
    {
      name,
      kubeconfig,
      secret,
      signal,
    }: { name: string; kubeconfig: string; secret: Secret; signal: AbortSignal },
  ): Promise<void> {
    await before;
    for (let delay = firstRetryMs; !signal.aborted; delay = Math.min(delay * 2, longestRetryMs)) {
      try {
        const cluster = await options.engage(name, options.accessOf(name, kubeconfig, secret), signal);
        const twin = twinOf(cluster);
        const other = twin?.cluster?.name;
        if (twin !== undefined && rankOf(twin.secret) < rankOf(secret)) {
          // The other one may leave while this is being closed.
          const left = someoneLeft.promise;
          await cluster.close();
          refuse(name, member, `it is the same cluster as ${other}`);
          await Promise.race([left, aborted(signal)]);
          [delay, member.state] = [firstRetryMs, 'connecting'];
          continue;
        }
        if (twin !== undefined && other !== undefined) {
          leave(other, twin, `it is the same cluster as ${name}, which comes first`);
          follow(other, twin.secret);
        }
        member.cluster = cluster;
        [member.state, member.why] = ['engaged', ''];
        log(`cluster ${name} is engaged: ${cluster.client.server}`);
        options.onEngaged(cluster);
        return;
      } catch (error) {
        if (signal.aborted) return;
        if ((error as { code?: string }).code === 'CHR_KUBECONFIG')
          return refuse(name, member, wordsOf(error));
        const why = wordsOf(error);
        if (member.why !== why) log(`cluster ${name} cannot be engaged yet: ${why}`);
        member.why = why;
        await pause(options.clock, delay, signal);
      }
    }
  }

  function twinOf(cluster: EngagedCluster): Membership | undefined {
    return [...members.values()].find(
      (other) =>
        other.cluster !== undefined &&
        other.cluster.uid === cluster.uid &&
        other.cluster.name !== cluster.name,
    );
  }

  function refuse(name: string, member: Membership, why: string): void {
    [member.state, member.why] = ['refused', why];
    log(`cluster ${name} is refused: ${why}`);
  }

  const off = secrets.on((event) => {
    const name = event.object.metadata?.name ?? '';
    follow(name, event.type === 'deleted' ? undefined : event.object);
  });
  secrets.start();
  return {
    get: (name) => members.get(name)?.cluster,
    standing: (name) => {
      const member = members.get(name);
      if (member === undefined) return { is: secrets.hasSynced() ? 'absent' : 'joining' };
      if (member.state === 'engaged') return { is: 'engaged' };
      const isFresh = options.clock.monotonicMs() - member.sinceMs < joiningMs;
      return member.state === 'connecting' && isFresh
        ? { is: 'joining' }
        : { is: 'unreachable', why: member.why };
    },
    all: () => [...members.values()].flatMap(({ cluster }) => cluster ?? []),
    states: () => members,
    hasSynced: secrets.hasSynced,
    stop: async () => {
      off();
      await secrets.stop();
      for (const [name, member] of members) leave(name, member, 'the operator ends');
      await Promise.all(leaving.values());
    },
  };
}

/** Of Secrets for one cluster the first in this order has it, whichever answers first: home's own, then the oldest. */
function rankOf({ metadata: { name = '', creationTimestamp = '' } = {} }: Secret): string {
  return name === selfCluster ? '' : `${creationTimestamp} ${name}`;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
