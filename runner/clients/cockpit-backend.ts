// The backend of the platform's cockpit: it knows its caller only by the headers that the edge sets.
import { describeCockpitBody } from './cockpit-body.ts';
import { findHealth } from './health.ts';
import { type EdgeIdentity, identityHeaders } from './identity-headers.ts';
import type { HeaderPairs, Http, HttpMethod } from './transport/http.ts';
import type { HttpResult } from './transport/result.ts';

export interface CockpitBackendRoutes {
  readonly health: readonly string[];
}

const json = ['content-type', 'application/json'] as const;

export class CockpitBackend {
  readonly http: Http;
  readonly #health: readonly string[];

  constructor({ http, routes }: { readonly http: Http; readonly routes: CockpitBackendRoutes }) {
    this.http = http;
    this.#health = routes.health;
  }

  /** A body as reports may show it: without audit events. For HttpOptions. */
  static describeBody(text: string): string {
    return describeCockpitBody(text);
  }

  async identify(): Promise<void> {
    await findHealth(this.http, this.#health);
  }

  /** The answer of the first health path that answers; TargetError no-identity when none does. */
  health(): Promise<HttpResult> {
    return findHealth(this.http, this.#health);
  }

  /** Without an identity no identity header is sent. Any status is a result. */
  get(path: string, identity?: EdgeIdentity): Promise<HttpResult> {
    return this.http.request({ path, headers: identityHeaders(identity) });
  }

  /** A string is sent as it is, so that a case can send broken JSON; anything else as JSON; undefined as no body. */
  send(method: HttpMethod, path: string, body?: unknown, identity?: EdgeIdentity): Promise<HttpResult> {
    return this.raw(method, path, identityHeaders(identity), body);
  }

  /** Headers exactly as given, duplicates and spelling kept, for cases about hostile headers. */
  raw(method: HttpMethod, path: string, headers: HeaderPairs, body?: unknown): Promise<HttpResult> {
    if (body === undefined) return this.http.request({ method, path, headers });
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return this.http.request({ method, path, headers: [...headers, json], body: text });
  }
}
