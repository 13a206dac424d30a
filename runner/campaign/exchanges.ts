// Remembers the last HTTP exchange of each case, so that a failed assertion can show what was asked and answered.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { HttpExchange } from '../journal/index.ts';

interface Seen {
  last?: HttpExchange;
}

const current = new AsyncLocalStorage<Seen>();

/** Called by the clients for every exchange; outside a case it is forgotten. */
export function noteExchange(exchange: HttpExchange): void {
  const seen = current.getStore();
  if (seen !== undefined) seen.last = exchange;
}

export function exchangesOf(): {
  during: <T>(work: () => Promise<T>) => Promise<T>;
  last: () => HttpExchange | undefined;
} {
  const seen: Seen = {};
  return { during: (work) => current.run(seen, work), last: () => seen.last };
}
