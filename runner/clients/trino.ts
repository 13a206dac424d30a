// The query engine: statements by its paged HTTP protocol, as any persona, with the rows kept private.
import { setTimeout as wait } from 'node:timers/promises';
import { isObject, type JsonObject, parseObject } from './json.ts';
import { fingerprint, QueryResult, type QueryState } from './query-result.ts';
import type { HttpExchange } from './transport/exchange.ts';
import type { HeaderPairs, Http, HttpRequest } from './transport/http.ts';
import type { HttpResult } from './transport/result.ts';
import { TargetError } from './transport/target-error.ts';
import { mayQuoteRows } from './trino-errors.ts';
import { describeTrinoBody, readPage, type TrinoPage } from './trino-page.ts';

export interface TrinoOptions {
  /** Made with `describeBody: Trino.describeBody`, so that no exchange shows rows. */
  readonly http: Http;
  /** X-Trino-Source: who asks, as Trino's audit shows it. */
  readonly source: string;
  /** Told every token of a query. */
  readonly onSecret: (text: string) => void;
  /** Told every text that `reveal` hands out, and messages of errors that may quote row values. */
  readonly onRowValue: (text: string) => void;
}

export interface QueryOptions {
  /** X-Trino-User. Without it and without a token, Trino refuses. */
  readonly user?: string;
  /** Bearer token, sent with every page. */
  readonly token?: string;
  readonly traceToken?: string;
  readonly catalog?: string;
  readonly schema?: string;
  /** After all others, on the POST only; duplicates and spelling are kept. */
  readonly headers?: HeaderPairs;
  /** Budget of the whole query, all pages and retries; 60 s when not given. */
  readonly timeoutMs?: number;
}

const defaultQueryMs = 60_000;
const tries = 10;
/** Names of catalogs, schemas, tables and columns, and nothing else: whole statements, so that no other column slips in. */
const metadataStatement =
  /^\s*(show\s+(catalogs|schemas|tables|columns)\b|select\s+table_schema,\s*table_name\s+from\s+"[^"]+"\.information_schema\.(tables|views)\s*$)/i;

/** One query on its way. */
interface Running {
  readonly sql: string;
  readonly bearer: HeaderPairs;
  readonly startedAt: number;
  readonly deadline: number;
  readonly attempts: string[];
}

export class Trino {
  readonly http: Http;
  readonly #options: TrinoOptions;

  constructor(options: TrinoOptions) {
    if (options.http.bodies !== 'described')
      throw new TypeError('Trino needs an Http with describeBody: rows must stay out of reports');
    this.http = options.http;
    this.#options = options;
  }

  /** Equal values have equal fingerprints, which a report may show; null is `null`. */
  static fingerprint(value: unknown): string {
    return fingerprint(value);
  }

  /** A body as reports may show it: without rows, and nothing of what is not JSON. For HttpOptions. */
  static describeBody(text: string): string {
    return describeTrinoBody(text);
  }

  /** TargetError no-identity unless /v1/info has Trino's shape. */
  async identify(): Promise<JsonObject> {
    const answer = await this.info();
    const body = parseObject(answer.text);
    if (answer.status === 200 && isObject(body?.nodeVersion) && typeof body.coordinator === 'boolean')
      return body;
    const expected = '200 with nodeVersion and coordinator';
    const got = `${answer.status}${body === undefined ? ' without a JSON object' : ''}`;
    if (answer.status >= 500) throw this.http.badAnswer(answer.exchange, expected, got);
    const { url, timings } = answer.exchange;
    const waitedMs = timings.total;
    throw new TargetError('no-identity', {
      target: this.http.target,
      url,
      expected,
      got,
      http: answer.exchange,
      waitedMs,
    });
  }

  info(): Promise<HttpResult> {
    return this.http.request({ path: '/v1/info' });
  }

  /**
   * Runs one statement to its end. A failed query and a refused statement are results; TargetError is for an engine
   * that does not answer, answers 5xx for longer than 10 tries, or breaks the protocol.
   */
  async query(sql: string, options: QueryOptions = {}): Promise<QueryResult> {
    if (options.token !== undefined) this.#options.onSecret(options.token);
    const startedAt = performance.now();
    const bearer: HeaderPairs =
      options.token === undefined ? [] : [['Authorization', `Bearer ${options.token}`]];
    const deadline = startedAt + (options.timeoutMs ?? defaultQueryMs);
    const running: Running = { sql, bearer, startedAt, deadline, attempts: [] };

    const headers = [...this.#sessionHeaders(options), ...bearer, ...(options.headers ?? [])];
    let answer = await this.#ask(running, { method: 'POST', path: '/v1/statement', headers, body: sql });
    const rows: (readonly unknown[])[] = [];
    let columns: TrinoPage['columns'];
    let queryId: string | undefined;
    for (;;) {
      if (answer.status >= 400 && answer.status < 500 && answer.status !== 404 && answer.status !== 410) {
        return this.#result(running, answer, { state: 'refused', queryId, columns, rows: [] });
      }
      const page = answer.status === 200 ? readPage(answer.text) : undefined;
      if (page === undefined)
        throw this.http.badAnswer(answer.exchange, '200 with a page of a query', `${answer.status}`);
      queryId ??= page.id;
      columns = page.columns ?? columns;
      for (const row of page.rows) rows.push(row);
      if (page.nextUri === undefined) {
        const state = page.error === undefined ? 'finished' : 'failed';
        return this.#result(running, answer, { state, queryId, columns, rows, page });
      }
      const path = this.#ownPath(page.nextUri, answer.exchange);
      try {
        answer = await this.#ask(running, { path, headers: bearer });
      } catch (error) {
        await this.#cancel(path, bearer);
        throw error;
      }
    }
  }

  /** 502, 503 and 504 mean: ask again after 50 to 100 ms. */
  async #ask(running: Running, request: HttpRequest): Promise<HttpResult> {
    for (let attempt = 1; ; attempt += 1) {
      const left = Math.round(running.deadline - performance.now());
      if (left <= 0) throw this.#outOfTime(running, request.path);
      const answer = await this.http.request({ ...request, timeoutMs: Math.min(left, this.http.requestMs) });
      if (answer.status < 502 || answer.status > 504) return answer;
      const { exchange } = answer;
      if (attempt === tries) {
        const got = `${answer.status} ${tries} times`;
        throw this.http.badAnswer(
          { ...exchange, attempts: running.attempts },
          'an answer other than 502, 503, 504',
          got,
        );
      }
      running.attempts.push(`${answer.status} after ${Math.round(exchange.timings.total)} ms`);
      await wait(Math.min(50 + Math.random() * 50, Math.max(0, running.deadline - performance.now())));
    }
  }

  #outOfTime(running: Running, path: string): TargetError {
    const waitedMs = Math.round(performance.now() - running.startedAt);
    return new TargetError('timeout', {
      target: this.http.target,
      url: this.http.urlOf(path).href,
      expected: `the query to end within ${Math.round(running.deadline - running.startedAt)} ms`,
      got: `still not ended after ${waitedMs} ms${running.attempts.length === 0 ? '' : `, ${running.attempts.join(', ')}`}`,
      waitedMs,
    });
  }

  /** A page elsewhere would send the token elsewhere. */
  #ownPath(nextUri: string, exchange: HttpExchange): string {
    const url = URL.parse(nextUri);
    const base = new URL(this.http.baseUrl);
    if (url?.origin !== base.origin) {
      throw this.http.badAnswer(
        exchange,
        `nextUri on ${base.origin}`,
        `nextUri on ${url?.origin ?? 'no URL'}`,
      );
    }
    const prefix = base.pathname.replace(/\/+$/, '');
    return (
      (url.pathname.startsWith(`${prefix}/`) ? url.pathname.slice(prefix.length) : url.pathname) + url.search
    );
  }

  /** Frees the engine. Whatever it answers, the reason for giving up is what matters. */
  async #cancel(path: string, headers: HeaderPairs): Promise<void> {
    await this.http.request({ method: 'DELETE', path, headers, timeoutMs: 1_000 }).catch(() => undefined);
  }

  #sessionHeaders({ user, traceToken, catalog, schema }: QueryOptions): HeaderPairs {
    const pairs: readonly (readonly [string, string | undefined])[] = [
      ['X-Trino-User', user],
      ['X-Trino-Source', this.#options.source],
      ['X-Trino-Trace-Token', traceToken],
      ['X-Trino-Catalog', catalog],
      ['X-Trino-Schema', schema],
    ];
    return pairs.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  }

  #result(
    running: Running,
    answer: HttpResult,
    end: {
      readonly state: QueryState;
      readonly queryId: string | undefined;
      readonly columns: TrinoPage['columns'];
      readonly rows: TrinoPage['rows'];
      readonly page?: TrinoPage;
    },
  ): QueryResult {
    const { attempts, sql } = running;
    const error = end.page?.error;
    if (error !== undefined && mayQuoteRows(error)) this.#options.onRowValue(error.message);
    const exchange = attempts.length === 0 ? answer.exchange : { ...answer.exchange, attempts };
    return new QueryResult({
      state: end.state,
      httpStatus: answer.status,
      ...(end.queryId === undefined ? {} : { queryId: end.queryId }),
      columns: end.columns ?? [],
      rows: end.rows,
      ...(error === undefined ? {} : { error }),
      ...(end.page?.updateType === undefined ? {} : { updateType: end.page.updateType }),
      exchange,
      content: metadataStatement.test(sql) ? 'metadata' : 'data',
      onRowValue: this.#options.onRowValue,
      badAnswer: (expected, got) => this.http.badAnswer(exchange, expected, got),
    });
  }
}
