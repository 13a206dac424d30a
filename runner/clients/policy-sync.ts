// The service that turns tags of the catalog into column masks of OPA.
import { findHealth } from './health.ts';
import { type EdgeIdentity, identityHeaders } from './identity-headers.ts';
import type { HeaderPairs, Http } from './transport/http.ts';
import type { HttpResult } from './transport/result.ts';

export interface PolicySyncRoutes {
  readonly health: readonly string[];
  readonly ready?: string | undefined;
  readonly sync: string;
  readonly metrics?: string | undefined;
}

export interface SyncRequest {
  readonly identity?: EdgeIdentity;
  /** After the identity's, e.g. an Authorization header. */
  readonly headers?: HeaderPairs;
  readonly timeoutMs?: number;
}

export class PolicySync {
  readonly http: Http;
  readonly #routes: PolicySyncRoutes;

  constructor({ http, routes }: { readonly http: Http; readonly routes: PolicySyncRoutes }) {
    this.http = http;
    this.#routes = routes;
  }

  async identify(): Promise<void> {
    await findHealth(this.http, this.#routes.health);
  }

  /** The answer of the first health path that answers; TargetError no-identity when none does. */
  health(): Promise<HttpResult> {
    return findHealth(this.http, this.#routes.health);
  }

  /** Undefined where no route is configured. */
  async ready(): Promise<HttpResult | undefined> {
    return this.#routes.ready === undefined ? undefined : this.http.request({ path: this.#routes.ready });
  }

  /** Triggers a synchronisation: a write. Any status is a result. */
  sync({ identity, headers = [], timeoutMs }: SyncRequest = {}): Promise<HttpResult> {
    return this.http.request({
      method: 'POST',
      path: this.#routes.sync,
      headers: [...identityHeaders(identity), ...headers],
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    });
  }

  /** GET on the trigger, which takes POST only. */
  getSync(): Promise<HttpResult> {
    return this.http.request({ path: this.#routes.sync });
  }

  /** Prometheus text; undefined where no route is configured. */
  async metrics(): Promise<HttpResult | undefined> {
    return this.#routes.metrics === undefined ? undefined : this.http.request({ path: this.#routes.metrics });
  }
}
