// HTTP to one target: one keep-alive pool, no redirect followed, no retry, and failures that say what was seen.
import type { Pool } from 'undici';
import { connector, type Opening } from './connector.ts';
import { type HttpExchange, shownBody } from './exchange.ts';
import { newPool } from './pool.ts';
import { send } from './request.ts';
import { badAnswer, type HttpResult, httpResult } from './result.ts';
import { secretsInRequest, secretsInResponse } from './secrets.ts';
import type { TargetError } from './target-error.ts';

export type HttpMethod = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';
/** Pairs keep order and duplicates: hostile header tests need both. */
export type HeaderPairs = readonly (readonly [name: string, value: string])[];
export type HttpHeaders = Readonly<Record<string, string>> | HeaderPairs;

export interface HttpOptions {
  /** Name of the target in errors, as charter.yaml spells it. */
  readonly target: string;
  /** Origin, with a path prefix if the target has one. */
  readonly baseUrl: string;
  readonly connectMs: number;
  /** Budget of one request from its start to the last byte. */
  readonly requestMs: number;
  /** Told every credential this client sends in a header or receives as a cookie. */
  readonly onSecret: (text: string) => void;
  /** Text of a body as reports may show it; the body as it is when not given. Trino withholds rows here. */
  readonly describeBody?: (text: string) => string;
  /** An answer that grows beyond this is a bad answer. 64 MiB when not given. */
  readonly maxBodyBytes?: number;
  /** Told every exchange, also of a request that failed, e.g. to show the last one of a case. */
  readonly onExchange?: (exchange: HttpExchange) => void;
}

export interface HttpRequest {
  readonly method?: HttpMethod;
  /** Path and query below baseUrl, e.g. `/v1/info`. */
  readonly path: string;
  readonly headers?: HttpHeaders;
  /** A string is sent as it is; the caller names its content type. */
  readonly body?: string;
  /** Instead of requestMs. */
  readonly timeoutMs?: number;
}

export class Http {
  readonly target: string;
  readonly baseUrl: string;
  readonly origin: string;
  readonly requestMs: number;
  /** Whether exchanges show bodies as they are, or as describeBody puts them. */
  readonly bodies: 'plain' | 'described';
  readonly #options: HttpOptions;
  readonly #openings: Opening[] = [];
  #pool: Pool | undefined;

  constructor(options: HttpOptions) {
    const url = new URL(options.baseUrl);
    this.target = options.target;
    this.baseUrl = options.baseUrl.replace(/\/+$/, '');
    this.origin = url.origin;
    this.requestMs = options.requestMs;
    this.bodies = options.describeBody === undefined ? 'plain' : 'described';
    this.#options = options;
  }

  /** Any status is a result; TargetError only where no whole HTTP answer came back in time. */
  async request(request: HttpRequest): Promise<HttpResult> {
    const { onSecret, onExchange, requestMs, describeBody, maxBodyBytes = 64 * 1024 * 1024 } = this.#options;
    const headers = pairsOf(request.headers ?? {});
    for (const secret of secretsInRequest(headers)) onSecret(secret);
    const url = this.urlOf(request.path);
    const outcome = await send(this.#open(), {
      target: this.target,
      url,
      method: request.method ?? 'GET',
      headers,
      body: request.body ?? null,
      timeoutMs: request.timeoutMs ?? requestMs,
      maxBodyBytes,
      claimOpening: (since) => this.#claim(since),
    });
    if ('error' in outcome) {
      if (outcome.error.http !== undefined) onExchange?.(outcome.error.http);
      throw outcome.error;
    }
    for (const secret of secretsInResponse(outcome.headers)) onSecret(secret);
    const described = describeBody === undefined ? outcome.text : describeBody(outcome.text);
    const exchange: HttpExchange = {
      method: request.method ?? 'GET',
      url: url.href,
      status: outcome.status,
      body: shownBody(described),
      timings: outcome.timings,
    };
    onExchange?.(exchange);
    return httpResult({ ...outcome, target: this.target, exchange });
  }

  /** Only paths: this client never talks to another host. */
  urlOf(path: string): URL {
    if (!path.startsWith('/')) throw new TypeError(`a path starts with '/': ${path}`);
    return new URL(this.baseUrl + path);
  }

  badAnswer(exchange: HttpExchange, expected: string, got: string): TargetError {
    return badAnswer({ target: this.target, exchange }, expected, got);
  }

  /** Ends idle connections; a request after it opens new ones. */
  async close(): Promise<void> {
    const pool = this.#pool;
    this.#pool = undefined;
    await pool?.destroy();
  }

  #open(): Pool {
    this.#pool ??= newPool(this.origin, {
      connect: connector(this.#options.connectMs, (opening) => this.#openings.push(opening)),
      // One timer of ours covers the whole request.
      headersTimeout: 0,
      bodyTimeout: 0,
      allowH2: false,
      // Servers that announce `Keep-Alive: timeout=1` shall still be reused in a burst.
      keepAliveTimeoutThreshold: 300,
    });
    return this.#pool;
  }

  /** The connection opened while a request waited belongs to it. Exact unless several requests wait at once. */
  #claim(since: number): Opening | undefined {
    const index = this.#openings.findIndex((opening) => opening.startedAt >= since);
    return index === -1 ? undefined : this.#openings.splice(index, 1)[0];
  }
}

export function createHttp(options: HttpOptions): Http {
  return new Http(options);
}

function pairsOf(headers: HttpHeaders): HeaderPairs {
  return Array.isArray(headers) ? (headers as HeaderPairs) : Object.entries(headers);
}
