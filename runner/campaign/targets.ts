// The clients of the five targets as a case sees them, made from the configuration, and the identity call that opens a run.
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CockpitBackend,
  createHttp,
  type Http,
  Keycloak,
  Opa,
  PolicySync,
  TargetError,
  type TargetErrorKind,
  Trino,
} from '../clients/index.ts';
import type { Config, Secret, TargetName } from '../config/index.ts';
import { eventually } from './eventually.ts';
import { noteExchange } from './exchanges.ts';

export interface Clients {
  readonly keycloak: Keycloak;
  readonly opa: Opa;
  readonly trino: Trino;
  readonly policySync: PolicySync;
  readonly cockpitBackend: CockpitBackend;
}

export interface ClientSet extends Clients {
  /** Each target answers as the product it should be; asked once, the answer (or the error) stands for all cases of the round. */
  readonly identify: (targets: readonly TargetName[]) => Promise<void>;
}

export interface ClientEdges {
  readonly onSecret: (text: string) => void;
  readonly onRowValue: (text: string) => void;
  /**
   * Milliseconds of this process's life in which a target that cannot be reached is asked again: the network of a new Pod (its addresses in
   * policies, its DNS) comes a moment after the Pod. 0 when not given.
   */
  readonly settleMs?: number;
}

const unconnected: readonly TargetErrorKind[] = [
  'connect-refused',
  'timeout',
  'reset',
  'unresolved',
  'unreachable',
];
const isUnconnected = (error: unknown): error is TargetError =>
  error instanceof TargetError && unconnected.includes(error.kind);
const everyMs = 200;

export function makeClients(config: Config, { onSecret, onRowValue, settleMs = 0 }: ClientEdges): ClientSet {
  const { targets, budgets, identity, routes } = config.data;
  const { connectMs, requestMs } = budgets;
  const http = (target: TargetName, describeBody?: (text: string) => string): Http =>
    createHttp({
      ...{ target, baseUrl: targets[target].url, connectMs, requestMs, onSecret, onExchange: noteExchange },
      ...(describeBody === undefined ? {} : { describeBody }),
    });
  const secret = (value: Secret | undefined) => (value === undefined ? {} : { clientSecret: value.reveal() });
  const client = identity.client === undefined ? {} : { clientId: identity.client.id };
  const clients: Clients = {
    keycloak: new Keycloak({
      http: http('keycloak'),
      realm: identity.realm,
      ...client,
      ...secret(config.clientSecret),
      onSecret,
    }),
    opa: new Opa({ http: http('opa'), routes: routes.opa }),
    trino: new Trino({
      http: http('trino', Trino.describeBody),
      source: 'charter-runner',
      onSecret,
      onRowValue,
    }),
    policySync: new PolicySync({ http: http('policySync'), routes: routes.policySync }),
    cockpitBackend: new CockpitBackend({
      http: http('cockpitBackend', CockpitBackend.describeBody),
      routes: routes.cockpitBackend,
    }),
  };
  const asked = new Map<TargetName, Promise<void>>();
  const identify = (target: TargetName): Promise<void> => {
    const ask = async () => void (await clients[target].identify());
    // The last look may begin when the time is over: a first one that hung took two seconds of it.
    const withinMs = settleMs - performance.now() + everyMs;
    // Not by the global clock, in whose place a campaign may put a fake one.
    const known = asked.get(target) ?? eventually(ask, { withinMs, everyMs, again: isUnconnected, sleep });
    known.catch(() => {});
    asked.set(target, known);
    return known;
  };
  return { ...clients, identify: async (names) => void (await Promise.all(names.map(identify))) };
}
