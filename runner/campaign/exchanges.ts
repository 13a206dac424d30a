// Knows which case runs, and its last HTTP exchange, so that a failed assertion can show what was asked and answered.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { HttpExchange } from '../journal/index.ts';

interface Seen {
  readonly key: string;
  last?: HttpExchange;
}

const current = new AsyncLocalStorage<Seen>();

/** Called by the clients for every exchange; outside a case it is forgotten. */
export function noteExchange(exchange: HttpExchange): void {
  const seen = current.getStore();
  if (seen !== undefined) seen.last = exchange;
}

/** Key of the declared case that calls this, however far down; undefined outside of one. */
export function runningCase(): string | undefined {
  return current.getStore()?.key;
}

export function exchangesOf(key: string): {
  during: <T>(work: () => Promise<T>) => Promise<T>;
  last: () => HttpExchange | undefined;
} {
  const seen: Seen = { key };
  return { during: (work) => current.run(seen, work), last: () => seen.last };
}
