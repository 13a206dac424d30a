// Which Kubernetes Event a happening belongs to: pure counting, with times passed in. As client-go does it
// (tools/record/events_cache.go): the same happening again is one Event that counts; many different messages of one reason become one
// Event too; and one object may not flood the namespace.
import { type TokenBucket, tokenBucket } from './rate-limit.ts';

export interface Happening {
  readonly type: 'Normal' | 'Warning';
  /** CamelCase, one word. */
  readonly reason: string;
  readonly message: string;
}

export interface Series {
  /** Of the Event; unlike that of any other. */
  readonly id: number;
  count: number;
  readonly message: string;
}

export interface EventLimits {
  /** Different messages of one object and reason within the window before they become one Event; 10. */
  readonly distinctMessages?: number;
  /** Milliseconds; 600,000. */
  readonly windowMs?: number;
  /** Events of one object at once; 25. */
  readonly burst?: number;
  /** And in the long run; 1 in 300 s. */
  readonly perSecond?: number;
}

export interface EventSeries {
  /** The series with its new count, or undefined when the object has told too much. */
  readonly next: (object: string, happening: Happening, nowMs: number) => Series | undefined;
}

const combined = '(combined from similar events): ';
/** Objects, reasons and messages that are remembered; the ones not used for longest go first. */
const remembered = 4_096;

export function eventSeries(limits: EventLimits = {}): EventSeries {
  const { distinctMessages = 10, windowMs = 600_000, burst = 25, perSecond = 1 / 300 } = limits;
  const buckets = new Map<string, TokenBucket>();
  const messages = new Map<string, { readonly seen: Set<string>; lastMs: number }>();
  const all = new Map<string, Series>();
  let made = 0;

  function isTooVaried(key: string, message: string, nowMs: number): boolean {
    const known = messages.get(key);
    const fresh = known === undefined || nowMs - known.lastMs > windowMs;
    const one = fresh ? { seen: new Set<string>(), lastMs: nowMs } : known;
    one.lastMs = nowMs;
    if (one.seen.size <= distinctMessages) one.seen.add(message);
    keep(messages, key, one);
    return one.seen.size > distinctMessages;
  }

  return {
    next: (object, { type, reason, message }, nowMs) => {
      const bucket = keep(buckets, object, buckets.get(object) ?? tokenBucket({ perSecond, burst }));
      if (!bucket.take(nowMs)) return undefined;
      const group = [object, type, reason].join('\0');
      const isCombined = isTooVaried(group, message, nowMs);
      const key = isCombined ? group : `${group}\0${message}`;
      const known = all.get(key);
      const count = (known?.count ?? 0) + 1;
      if (known === undefined) made += 1;
      const id = known?.id ?? made;
      return keep(all, key, { id, count, message: isCombined ? combined + message : message });
    },
  };
}

/** Moves it to the end of the map, where the youngest are. */
function keep<T>(map: Map<string, T>, key: string, value: T): T {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > remembered && oldest !== undefined) map.delete(oldest);
  return value;
}
