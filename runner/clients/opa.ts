// The policy decision point. An answer without `result` is undefined, and undefined is a denial, never an error.
import { isObject, type JsonObject, parseObject, shortJson, typeOf } from './json.ts';
import type { HeaderPairs, Http } from './transport/http.ts';
import type { HttpResult } from './transport/result.ts';
import { TargetError } from './transport/target-error.ts';

export interface OpaRoutes {
  readonly allow: string;
  readonly rowFilters: string;
  readonly columnMask: string;
  readonly batchColumnMasks?: string | undefined;
  readonly batch: string;
  readonly aden?: string | undefined;
}

export interface OpaOptions {
  readonly http: Http;
  readonly routes: OpaRoutes;
}

/** What every decision carries. */
export interface Decided {
  /** False: the rule is undefined for this input. */
  readonly defined: boolean;
  /** Absent when decision logging is off. */
  readonly decisionId?: string;
  readonly http: HttpResult;
}

export interface Decision extends Decided {
  /** Only for the boolean true; "true", 1 and undefined are denials. */
  readonly allowed: boolean;
}

export interface ViewExpression {
  readonly expression: string;
  readonly identity?: string;
}

export interface RowFilters extends Decided {
  /** All of them hold at once. */
  readonly filters: readonly ViewExpression[];
}

export interface ColumnMask extends Decided {
  readonly mask?: ViewExpression;
}

export interface BatchColumnMasks extends Decided {
  readonly masks: readonly { readonly index: number; readonly viewExpression: ViewExpression }[];
}

export interface Batch extends Decided {
  /** Positions of the allowed resources in the input. */
  readonly indices: readonly number[];
}

const json = ['content-type', 'application/json'] as const;

export class Opa {
  readonly http: Http;
  readonly #routes: OpaRoutes;

  constructor({ http, routes }: OpaOptions) {
    this.http = http;
    this.#routes = routes;
  }

  /** OPA refuses broken JSON with 400 invalid_parameter; nothing else in the cluster does. */
  async identify(): Promise<void> {
    const answer = await this.rawPost(this.#routes.allow, '{"input":');
    const code = parseObject(answer.text)?.code;
    if (answer.status === 400 && code === 'invalid_parameter') return;
    const expected = '400 invalid_parameter for broken JSON';
    const got = `${answer.status}${typeof code === 'string' ? ` ${code}` : ''}`;
    // OPA with authorization but no authorization policy answers 500 to everything, /health too.
    if (answer.status >= 500 || code === 'unauthorized')
      throw this.http.badAnswer(answer.exchange, expected, got);
    throw new TargetError('no-identity', {
      target: this.http.target,
      url: answer.exchange.url,
      expected,
      got,
      http: answer.exchange,
      waitedMs: answer.exchange.timings.total,
    });
  }

  /** `bundles` also asks whether every bundle is active. */
  health(scope: 'server' | 'bundles' = 'server'): Promise<HttpResult> {
    return this.http.request({ path: scope === 'server' ? '/health' : '/health?bundles' });
  }

  /** Any input: hostile cases send what the plugin never would; `undefined` sends a body without input. */
  async allow(input: unknown): Promise<Decision> {
    return decision(await this.#decide(this.#routes.allow, input));
  }

  async rowFilters(input: unknown): Promise<RowFilters> {
    const { result, ...decided } = await this.#decide(this.#routes.rowFilters, input);
    return { ...decided, filters: this.#list(result, decided, isViewExpression, 'a list of {expression}') };
  }

  async columnMask(input: unknown): Promise<ColumnMask> {
    const { result, ...decided } = await this.#decide(this.#routes.columnMask, input);
    if (result === undefined || result === null) return decided;
    if (!isViewExpression(result)) throw this.#shape(decided, 'one {expression} or no result', result);
    return { ...decided, mask: result };
  }

  /** Undefined where the platform configures no batched masks. */
  async batchColumnMasks(input: unknown): Promise<BatchColumnMasks | undefined> {
    if (this.#routes.batchColumnMasks === undefined) return undefined;
    const { result, ...decided } = await this.#decide(this.#routes.batchColumnMasks, input);
    return {
      ...decided,
      masks: this.#list(result, decided, isIndexedMask, 'a list of {index, viewExpression}'),
    };
  }

  async batch(input: unknown): Promise<Batch> {
    const { result, ...decided } = await this.#decide(this.#routes.batch, input);
    return { ...decided, indices: this.#list(result, decided, isIndex, 'a list of indices') };
  }

  /** Undefined where no route is configured. */
  async aden(input: {
    readonly user: string;
    readonly role: string;
    readonly table: string;
  }): Promise<Decision | undefined> {
    if (this.#routes.aden === undefined) return undefined;
    return decision(await this.#decide(this.#routes.aden, input));
  }

  /** The list of policies as the runner may read it; any status is a result. */
  policies(): Promise<HttpResult> {
    return this.http.request({ path: '/v1/policies' });
  }

  /** The page for people at `/`; it names the version. */
  indexPage(): Promise<HttpResult> {
    return this.http.request({ path: '/' });
  }

  /** A write that a sound OPA refuses; any status is a result. */
  putPolicy(id: string, rego: string): Promise<HttpResult> {
    const headers = { 'content-type': 'text/plain' };
    return this.http.request({
      method: 'PUT',
      path: `/v1/policies/${encodeURIComponent(id)}`,
      headers,
      body: rego,
    });
  }

  deletePolicy(id: string): Promise<HttpResult> {
    return this.http.request({ method: 'DELETE', path: `/v1/policies/${encodeURIComponent(id)}` });
  }

  /** A body as it is, for input that is no JSON. */
  rawPost(path: string, text: string, headers: HeaderPairs = []): Promise<HttpResult> {
    return this.http.request({ method: 'POST', path, headers: [json, ...headers], body: text });
  }

  async #decide(path: string, input: unknown): Promise<Decided & { readonly result: unknown }> {
    const http = await this.rawPost(path, JSON.stringify({ input }));
    if (http.status !== 200)
      throw this.http.badAnswer(http.exchange, '200 with a decision', String(http.status));
    const body = http.json();
    if (!isObject(body)) throw this.http.badAnswer(http.exchange, 'a JSON object', typeOf(body));
    const { decision_id: decisionId, result } = body as JsonObject;
    const defined = 'result' in body;
    return { result, defined, http, ...(typeof decisionId === 'string' ? { decisionId } : {}) };
  }

  #list<T>(
    result: unknown,
    decided: Decided,
    holds: (item: unknown) => item is T,
    expected: string,
  ): readonly T[] {
    if (result === undefined || result === null) return [];
    if (Array.isArray(result) && result.every(holds)) return result;
    throw this.#shape(decided, expected, result);
  }

  #shape(decided: Decided, expected: string, result: unknown): TargetError {
    return this.http.badAnswer(decided.http.exchange, expected, shortJson(result, 200));
  }
}

function decision({ result, ...decided }: Decided & { readonly result: unknown }): Decision {
  return { ...decided, allowed: result === true };
}

function isViewExpression(value: unknown): value is ViewExpression {
  return isObject(value) && typeof value.expression === 'string';
}

function isIndexedMask(value: unknown): value is BatchColumnMasks['masks'][number] {
  return isObject(value) && isIndex(value.index) && isViewExpression(value.viewExpression);
}

function isIndex(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0;
}
