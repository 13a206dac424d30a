// The identity provider: discovery, grants, sessions and the refusals that campaigns look for.
import type { webcrypto } from 'node:crypto';
import type { JWTHeaderParameters, JWTPayload } from 'jose';
import { type JsonObject, parseObject } from './json.ts';
import { type DecodedToken, decodeToken } from './jwt.ts';
import type { HttpExchange } from './transport/exchange.ts';
import type { HeaderPairs, Http } from './transport/http.ts';
import type { HttpResult } from './transport/result.ts';
import { TargetError } from './transport/target-error.ts';

export interface KeycloakOptions {
  readonly http: Http;
  readonly realm: string;
  /** Client that may use the password grant. */
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** Told every token that Keycloak hands out. */
  readonly onSecret: (text: string) => void;
}

export interface Discovery extends JsonObject {
  readonly issuer: string;
  readonly token_endpoint: string;
}

export type Jwk = webcrypto.JsonWebKey & {
  readonly kid?: string;
  readonly use?: string;
  readonly alg?: string;
};

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** `undefined` takes the client of the options; a public client has no secret. */
export interface ClientCredentials {
  readonly clientId?: string;
  readonly clientSecret?: string;
}

export interface Token {
  readonly accessToken: string;
  readonly refreshToken?: string;
  readonly idToken?: string;
  readonly tokenType: string;
  /** Seconds, as the answer says; Keycloak sometimes says one less than `exp - iat`. */
  readonly expiresIn: number;
  /** How the token was got; its body names no token. */
  readonly exchange: HttpExchange;
}

export interface VerifiedToken {
  readonly header: JWTHeaderParameters;
  readonly payload: JWTPayload;
}

interface Memo {
  readonly token: Promise<Token>;
  /** Milliseconds of performance.now() after which the token is asked for again; endless while it is on its way. */
  renewAt: number;
}

const form = { 'content-type': 'application/x-www-form-urlencoded' };
/** Clock drift between the Pods of one cluster, in seconds. */
const clockToleranceS = 30;

export class Keycloak {
  readonly http: Http;
  readonly #options: KeycloakOptions;
  readonly #realmPath: string;
  readonly #logins = new Map<string, Memo>();

  constructor(options: KeycloakOptions) {
    this.http = options.http;
    this.#options = options;
    this.#realmPath = `/realms/${encodeURIComponent(options.realm)}`;
  }

  /** TargetError no-identity unless the realm's discovery document answers. */
  async identify(): Promise<Discovery> {
    const answer = await this.discovery();
    const body = parseObject(answer.text);
    if (
      answer.status === 200 &&
      typeof body?.issuer === 'string' &&
      typeof body.token_endpoint === 'string'
    ) {
      return body as Discovery;
    }
    const expected = `discovery of realm ${this.#options.realm}: 200 with issuer and token_endpoint`;
    const got = `${answer.status}${body === undefined ? ' without a JSON object' : ` with ${Object.keys(body).length} other keys`}`;
    throw answer.status >= 500
      ? this.http.badAnswer(answer.exchange, expected, got)
      : new TargetError('no-identity', {
          target: this.http.target,
          url: answer.exchange.url,
          expected,
          got,
          http: answer.exchange,
          waitedMs: answer.exchange.timings.total,
        });
  }

  discovery(): Promise<HttpResult> {
    return this.http.request({ path: `${this.#realmPath}/.well-known/openid-configuration` });
  }

  /** The signing and encryption keys, by the in-cluster path, not by jwks_uri: that names the public host. */
  async jwks(): Promise<{ readonly keys: readonly Jwk[]; readonly http: HttpResult }> {
    const http = await this.http.request({ path: this.#endpoint('certs') });
    const keys = http.status === 200 ? parseObject(http.text)?.keys : undefined;
    if (!Array.isArray(keys))
      throw this.http.badAnswer(http.exchange, '200 with a list of keys', `${http.status}`);
    return { keys: keys as Jwk[], http };
  }

  /** Any status is a result: wrong credentials are what some cases are about. Never memoized. */
  passwordGrant(grant: Credentials & ClientCredentials & { readonly scope?: string }): Promise<HttpResult> {
    const { username, password, scope = 'openid' } = grant;
    return this.#grant({ grant_type: 'password', username, password, scope }, grant);
  }

  /**
   * A token of a persona, asked for once per username and renewed shortly before it expires. A refused login is
   * remembered too: asking again with a wrong password from many cases would lock the persona out.
   */
  login(persona: Credentials): Promise<Token> {
    const known = this.#logins.get(persona.username);
    if (known !== undefined && performance.now() < known.renewAt) return known.token;
    const token = this.#firstToken(persona);
    const memo: Memo = { token, renewAt: Number.POSITIVE_INFINITY };
    this.#logins.set(persona.username, memo);
    const startedAt = performance.now();
    token.then(
      ({ expiresIn }) => {
        memo.renewAt = startedAt + expiresIn * 1000 * 0.8;
      },
      (error: unknown) => {
        const wasRefused = error instanceof TargetError && isRefusal(error.http?.status);
        if (!wasRefused) this.#logins.delete(persona.username);
      },
    );
    return token;
  }

  /** A session of its own, for cases that end it; `login` would share it with other cases. */
  freshLogin(persona: Credentials, client: ClientCredentials = {}): Promise<Token> {
    return this.#firstToken({ ...persona, ...client });
  }

  refresh(token: Token | string, client: ClientCredentials = {}): Promise<HttpResult> {
    return this.#grant({ grant_type: 'refresh_token', refresh_token: this.#refreshTokenOf(token) }, client);
  }

  /** Ends the session of a refresh token; 204 when done. */
  logout(token: Token | string, client: ClientCredentials = {}): Promise<HttpResult> {
    return this.#post('logout', { refresh_token: this.#refreshTokenOf(token) }, client);
  }

  /** Without a token, no Authorization header is sent. */
  userinfo(accessToken?: string, headers: HeaderPairs = []): Promise<HttpResult> {
    const all = [...Object.entries(bearer(accessToken)), ...headers];
    return this.http.request({ path: this.#endpoint('userinfo'), headers: all });
  }

  introspect(token: string, client: ClientCredentials = {}): Promise<HttpResult> {
    return this.#post('token/introspect', { token }, client);
  }

  /** The admin list of users: a persona's token must not open it. */
  adminUsers(accessToken?: string): Promise<HttpResult> {
    const path = `/admin/realms/${encodeURIComponent(this.#options.realm)}/users?max=1`;
    return this.http.request({ path, headers: bearer(accessToken) });
  }

  /** Login and error events, for a service account with the role. */
  adminEvents(accessToken: string, query: Readonly<Record<string, string>> = {}): Promise<HttpResult> {
    const path = `/admin/realms/${encodeURIComponent(this.#options.realm)}/events?${new URLSearchParams(query)}`;
    return this.http.request({ path, headers: bearer(accessToken) });
  }

  /** The self-registration page: 400 "Registration not allowed" where it is off. */
  registrationPage(): Promise<HttpResult> {
    const query = new URLSearchParams({
      client_id: this.#options.clientId ?? 'account',
      response_type: 'code',
      scope: 'openid',
    });
    return this.http.request({ path: `${this.#endpoint('registrations')}?${query}` });
  }

  /**
   * Checks signature (keys fetched in-cluster) and times, with 30 s of clock drift. Rejects with jose's error when the
   * token does not hold; issuer and audience are for the case to compare.
   */
  async verify(accessToken: string): Promise<VerifiedToken> {
    const [{ createLocalJWKSet, jwtVerify }, { keys }] = await Promise.all([import('jose'), this.jwks()]);
    const keySet = createLocalJWKSet({ keys: keys as Parameters<typeof createLocalJWKSet>[0]['keys'] });
    const { payload, protectedHeader } = await jwtVerify(accessToken, keySet, {
      clockTolerance: clockToleranceS,
    });
    return { payload, header: protectedHeader };
  }

  /** Reads a token without verifying it. */
  decode(token: string): DecodedToken {
    return decodeToken(token);
  }

  async #firstToken(persona: Credentials & ClientCredentials): Promise<Token> {
    const http = await this.passwordGrant(persona);
    const body = parseObject(http.text);
    const { access_token, refresh_token, id_token, token_type, expires_in } = body ?? {};
    if (http.status !== 200 || typeof access_token !== 'string') {
      const reason = [body?.error, body?.error_description]
        .filter((part) => typeof part === 'string')
        .join(', ');
      const got = `${http.status}${reason === '' ? '' : ` ${reason}`}`;
      throw this.http.badAnswer(http.exchange, `200 with an access token for ${persona.username}`, got);
    }
    return {
      accessToken: access_token,
      ...(typeof refresh_token === 'string' ? { refreshToken: refresh_token } : {}),
      ...(typeof id_token === 'string' ? { idToken: id_token } : {}),
      tokenType: typeof token_type === 'string' ? token_type : '',
      expiresIn: typeof expires_in === 'number' ? expires_in : 0,
      exchange: http.exchange,
    };
  }

  #grant(fields: Readonly<Record<string, string>>, client: ClientCredentials): Promise<HttpResult> {
    return this.#post('token', fields, client);
  }

  async #post(
    endpoint: string,
    fields: Readonly<Record<string, string>>,
    client: ClientCredentials,
  ): Promise<HttpResult> {
    // A client given by the caller stands alone: the configured secret belongs to the configured client only.
    const { clientId, clientSecret } =
      client.clientId === undefined ? { ...this.#options, ...client } : client;
    const body = new URLSearchParams({
      ...fields,
      ...(clientId === undefined ? {} : { client_id: clientId }),
      ...(clientSecret === undefined ? {} : { client_secret: clientSecret }),
    });
    const path = this.#endpoint(endpoint);
    const answer = await this.http.request({ method: 'POST', path, headers: form, body: body.toString() });
    const { access_token, refresh_token, id_token } = parseObject(answer.text) ?? {};
    for (const token of [access_token, refresh_token, id_token]) {
      if (typeof token === 'string' && token !== '') this.#options.onSecret(token);
    }
    return answer;
  }

  #refreshTokenOf(token: Token | string): string {
    const text = typeof token === 'string' ? token : token.refreshToken;
    if (text !== undefined) return text;
    throw this.http.badAnswer((token as Token).exchange, 'a refresh token beside the access token', 'none');
  }

  /** Built from the realm, not from discovery, which names the public host. */
  #endpoint(name: string): string {
    return `${this.#realmPath}/protocol/openid-connect/${name}`;
  }
}

function bearer(accessToken: string | undefined): Record<string, string> {
  return accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` };
}

/** A 4xx says something about the credentials; a 5xx or a lost connection does not. */
function isRefusal(status: number | undefined): boolean {
  return status !== undefined && status >= 400 && status < 500;
}
