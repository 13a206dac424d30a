// Events of objects, written beside the work: a reconcile neither waits for them nor fails with them.
import {
  type Clock,
  type CoreEvent,
  isKubeError,
  type KubeClient,
  type KubeObject,
  keyOf,
  resources,
  systemClock,
} from '../kube/index.ts';
import { timestamp } from './conditions.ts';
import { type EventLimits, eventSeries, type Happening, type Series } from './event-series.ts';
import { microTime } from './lease-record.ts';

export interface EventRecorderOptions {
  readonly client: KubeClient;
  /** `source.component`. */
  readonly component: string;
  /** `reportingComponent`, e.g. `mesh.openkcm.io/multicluster-tenants`; the component when not given. */
  readonly reportingController?: string;
  /** `reportingInstance`, e.g. the Pod's name; at most 128 characters. */
  readonly reportingInstance: string;
  readonly clock?: Clock;
  readonly limits?: EventLimits;
  /** Events that could not be written; for logs. */
  readonly onError?: (error: unknown) => void;
}

export interface EventRecorder {
  /**
   * Tells what happened with the object: as a new Event in its namespace (`default` for an object of the cluster), or as a higher count
   * of the one that says the same. Resolves when that is written or given up after 2 s, and never rejects; most need not wait.
   */
  readonly record: (object: KubeObject, happening: Happening) => Promise<void>;
  /** How many were kept back because their object told too much. */
  readonly dropped: () => number;
  /** Resolves when nothing is on its way any more. */
  readonly flush: () => Promise<void>;
}

const writeMs = 2_000;
const messageLength = 1_024;

export function eventRecorder(options: EventRecorderOptions): EventRecorder {
  const { client, clock = systemClock, onError = () => {} } = options;
  const series = eventSeries(options.limits);
  /** Name of the written Event by series, and the writing that must end before the next of it. */
  const written = new Map<number, string>();
  const underWay = new Map<number, Promise<void>>();
  let dropped = 0;
  let lastNanos = 0n;

  /** `<object>.<nanoseconds>`, never twice the same. */
  function freshName(object: KubeObject): string {
    const nanos = BigInt(clock.now().getTime()) * 1_000_000n;
    lastNanos = nanos > lastNanos ? nanos : lastNanos + 1n;
    const name = (object.metadata?.name ?? '').slice(0, 230).replace(/[^a-z0-9]+$/, '');
    return `${name}.${lastNanos}`;
  }

  async function write(object: KubeObject, happening: Happening, one: Series): Promise<void> {
    const namespace = object.metadata?.namespace ?? 'default';
    const known = written.get(one.id);
    const now = clock.now();
    const message = one.message.slice(0, messageLength);
    const seriesNow = { count: one.count, lastObservedTime: microTime(now) };
    if (known !== undefined) {
      const body = { message, count: one.count, lastTimestamp: timestamp(now), series: seriesNow };
      const patch = { type: 'merge', body } as const;
      try {
        await client.patch(resources.events, { namespace, name: known }, patch, { timeoutMs: writeMs });
        return;
      } catch (error) {
        // Events live for an hour.
        if (!isKubeError(error, 'CHR_KUBE_NOT_FOUND')) throw error;
      }
    }
    const name = freshName(object);
    const event: CoreEvent = {
      metadata: { namespace, name },
      involvedObject: involved(object),
      ...{ type: happening.type, reason: happening.reason, action: happening.reason, message },
      ...{ count: one.count, firstTimestamp: timestamp(now), lastTimestamp: timestamp(now) },
      series: seriesNow,
      source: { component: options.component },
      reportingComponent: options.reportingController ?? options.component,
      reportingInstance: options.reportingInstance,
    };
    await client.create(resources.events, event, { timeoutMs: writeMs });
    written.set(one.id, name);
    const [oldest] = written.keys();
    if (written.size > 4_096 && oldest !== undefined) written.delete(oldest);
  }

  return {
    record: (object, happening) => {
      const who = `${object.kind} ${keyOf(object)} ${object.metadata?.uid}`;
      const one = series.next(who, happening, clock.monotonicMs());
      if (one === undefined) {
        dropped += 1;
        return Promise.resolve();
      }
      const before = underWay.get(one.id) ?? Promise.resolve();
      const writing: Promise<void> = before
        .then(() => write(object, happening, one))
        .catch(onError)
        .finally(() => {
          if (underWay.get(one.id) === writing) underWay.delete(one.id);
        });
      underWay.set(one.id, writing);
      return writing;
    },
    dropped: () => dropped,
    flush: async () => void (await Promise.all(underWay.values())),
  };
}

function involved({ apiVersion, kind, metadata = {} }: KubeObject): CoreEvent['involvedObject'] {
  const { name, namespace, uid, resourceVersion } = metadata;
  const given = Object.entries({ apiVersion, kind, name, namespace, uid, resourceVersion });
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}
