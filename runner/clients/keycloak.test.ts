import { generateKeyPairSync } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { tamperMiddle } from './jwt.ts';
import { Keycloak } from './keycloak.ts';
import { type Answerer, httpTo, type Loopback, loopback, type Seen, sendJson } from './loopback.ts';
import { TargetError } from './transport/target-error.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const base = '/realms/akko/protocol/openid-connect';
const carol = { username: 'carol', password: 'carol-password' };

function sign(claims: Record<string, unknown> = {}): Promise<string> {
  return new SignJWT({ preferred_username: 'carol', ...claims })
    .setProtectedHeader({ alg: 'RS256', kid: 'sig' })
    .setExpirationTime('5m')
    .sign(privateKey);
}

/** Answers the token endpoint with `expires_in` as given; everything else is for `other`. */
function issuing(
  expiresIn: number,
  other: Answerer = (_, response) => sendJson(response, 404, {}),
): Answerer {
  return async (request, response, count) => {
    if (request.url !== `${base}/token`) return other(request, response, count);
    const form = new URLSearchParams(request.body);
    if (form.get('password') === 'wrong') {
      return sendJson(response, 401, {
        error: 'invalid_grant',
        error_description: 'Invalid user credentials',
      });
    }
    sendJson(response, 200, {
      access_token: await sign({ jti: `${count}` }),
      refresh_token: `refresh-${count}`,
      id_token: `id-${count}`,
      token_type: 'Bearer',
      expires_in: expiresIn,
    });
  };
}

function client(
  server: Loopback,
  options: { onSecret?: (text: string) => void; clientSecret?: string } = {},
): Keycloak {
  return new Keycloak({
    http: httpTo(server.url, { target: 'keycloak' }),
    realm: 'akko',
    clientId: 'charter',
    onSecret: () => {},
    ...options,
  });
}

const formOf = (request: Seen | undefined) => Object.fromEntries(new URLSearchParams(request?.body));

describe('identify', () => {
  const answering = (status: number, body: unknown): Answerer => {
    return (_, response: ServerResponse) =>
      typeof body === 'string' ? response.writeHead(status).end(body) : sendJson(response, status, body);
  };

  test('the discovery document of the realm', async () => {
    const document = {
      issuer: 'https://keycloak.example/realms/akko',
      token_endpoint: 'https://keycloak.example/token',
    };
    await using server = await loopback(answering(200, document));
    await expect(client(server).identify()).resolves.toEqual(document);
    expect(server.seen[0]?.url).toBe('/realms/akko/.well-known/openid-configuration');
  });

  test.each([
    ['another product', 200, '<html>Welcome to nginx!</html>', 'no-identity'],
    ['a realm that does not exist', 404, { error: 'Realm does not exist' }, 'no-identity'],
    ['a JSON service', 200, { status: 'ok' }, 'no-identity'],
    ['a broken Keycloak', 500, { error: 'unknown_error' }, 'bad-answer'],
  ])('%s', async (_, status, body, kind) => {
    await using server = await loopback(answering(status, body));
    await expect(client(server).identify()).rejects.toMatchObject({ kind, http: { status } });
  });
});

describe('login', () => {
  test('one password grant serves all cases of a persona, also when they ask at once', async () => {
    await using server = await loopback(issuing(300));
    const keycloak = client(server, { clientSecret: 's3cret' });
    const tokens = await Promise.all([keycloak.login(carol), keycloak.login(carol)]);
    tokens.push(await keycloak.login(carol));
    expect(new Set(tokens.map(({ accessToken }) => accessToken)).size).toBe(1);
    expect(server.seen).toHaveLength(1);
    expect(formOf(server.seen[0])).toEqual({
      grant_type: 'password',
      username: 'carol',
      password: 'carol-password',
      scope: 'openid',
      client_id: 'charter',
      client_secret: 's3cret',
    });
  });

  test('a token that is about to expire is asked for again', async () => {
    await using server = await loopback(issuing(0));
    const keycloak = client(server);
    await keycloak.login(carol);
    await keycloak.login(carol);
    expect(server.seen).toHaveLength(2);
  });

  test('a refused login is not tried again: five would lock the persona out', async () => {
    await using server = await loopback(issuing(300));
    const keycloak = client(server);
    const attempt = () => keycloak.login({ username: 'carol', password: 'wrong' });
    for (const _ of [1, 2, 3]) {
      await expect(attempt()).rejects.toMatchObject({
        kind: 'bad-answer',
        expected: '200 with an access token for carol',
        got: '401 invalid_grant, Invalid user credentials',
      });
    }
    expect(server.seen).toHaveLength(1);
  });

  test('a login that failed for the server is tried again', async () => {
    await using server = await loopback((request, response, count) => {
      if (count === 1) sendJson(response, 503, {});
      else issuing(300)(request, response, count);
    });
    const keycloak = client(server);
    await expect(keycloak.login(carol)).rejects.toBeInstanceOf(TargetError);
    await expect(keycloak.login(carol)).resolves.toMatchObject({ tokenType: 'Bearer', expiresIn: 300 });
  });

  test('freshLogin opens a session of its own', async () => {
    await using server = await loopback(issuing(300));
    const keycloak = client(server);
    const [shared, own] = [await keycloak.login(carol), await keycloak.freshLogin(carol)];
    expect(own.accessToken).not.toBe(shared.accessToken);
  });

  test('every token is reported as a secret, and none stands in an exchange', async () => {
    await using server = await loopback(issuing(300));
    const secrets: string[] = [];
    const token = await client(server, { onSecret: (text) => secrets.push(text) }).login(carol);
    expect(secrets).toEqual([token.accessToken, token.refreshToken, token.idToken]);
    expect(token.exchange.body).not.toContain(token.accessToken.slice(0, 40));
  });
});

describe('grants and sessions', () => {
  test('a grant returns any status, and is never remembered', async () => {
    await using server = await loopback(issuing(300));
    const keycloak = client(server);
    const wrong = { username: 'nobody', password: 'wrong' };
    expect((await keycloak.passwordGrant(wrong)).status).toBe(401);
    expect((await keycloak.passwordGrant(wrong)).status).toBe(401);
    expect(server.seen).toHaveLength(2);
  });

  test('the configured secret goes to no other client', async () => {
    await using server = await loopback(issuing(300));
    const keycloak = client(server, { clientSecret: 's3cret' });
    await keycloak.passwordGrant({ ...carol, clientId: 'unknown' });
    await keycloak.passwordGrant({ ...carol, clientSecret: 'bad' });
    expect(formOf(server.seen[0])).not.toHaveProperty('client_secret');
    expect(formOf(server.seen[1])).toMatchObject({ client_id: 'charter', client_secret: 'bad' });
  });

  test('refresh, logout and introspection name token and client', async () => {
    await using server = await loopback(issuing(300));
    const keycloak = client(server);
    const token = await keycloak.login(carol);
    await keycloak.refresh(token);
    await keycloak.logout(token);
    await keycloak.introspect(token.accessToken, { clientId: 'other', clientSecret: 'x' });
    expect(server.seen.slice(1).map(({ url }) => url)).toEqual([
      `${base}/token`,
      `${base}/logout`,
      `${base}/token/introspect`,
    ]);
    expect(formOf(server.seen[1])).toMatchObject({
      grant_type: 'refresh_token',
      refresh_token: token.refreshToken,
    });
    expect(formOf(server.seen[2])).toEqual({ refresh_token: token.refreshToken, client_id: 'charter' });
    expect(formOf(server.seen[3])).toMatchObject({ client_id: 'other', client_secret: 'x' });
  });

  test('userinfo, admin API and registration page', async () => {
    await using server = await loopback((_, response) => sendJson(response, 401, {}));
    const keycloak = client(server);
    await keycloak.userinfo();
    await keycloak.userinfo('abc');
    await keycloak.adminUsers('abc');
    await keycloak.registrationPage();
    expect(server.seen.map(({ url, headers }) => [url, headers.authorization])).toEqual([
      [`${base}/userinfo`, undefined],
      [`${base}/userinfo`, 'Bearer abc'],
      ['/admin/realms/akko/users?max=1', 'Bearer abc'],
      [`${base}/registrations?client_id=charter&response_type=code&scope=openid`, undefined],
    ]);
  });
});

describe('verify', () => {
  const keys = [
    { ...publicKey.export({ format: 'jwk' }), kid: 'enc', use: 'enc', alg: 'RSA-OAEP' },
    { ...publicKey.export({ format: 'jwk' }), kid: 'sig', use: 'sig', alg: 'RS256' },
  ];
  const withKeys: Answerer = (request, response) =>
    request.url === `${base}/certs` ? sendJson(response, 200, { keys }) : sendJson(response, 404, {});

  test('the signing key is found although the encryption key comes first', async () => {
    await using server = await loopback(withKeys);
    const verified = await client(server).verify(await sign());
    expect(verified).toMatchObject({
      header: { alg: 'RS256', kid: 'sig' },
      payload: { preferred_username: 'carol' },
    });
  });

  test('a tampered token is refused', async () => {
    await using server = await loopback(withKeys);
    await expect(client(server).verify(tamperMiddle(await sign()))).rejects.toThrow(
      'signature verification failed',
    );
  });

  test('a token that expired more than 30 s ago is refused, a clock that is 10 s off is not', async () => {
    await using server = await loopback(withKeys);
    const now = Math.floor(Date.now() / 1000);
    const expired = (seconds: number) =>
      new SignJWT({})
        .setProtectedHeader({ alg: 'RS256', kid: 'sig' })
        .setExpirationTime(now - seconds)
        .sign(privateKey);
    await expect(client(server).verify(await expired(10))).resolves.toBeDefined();
    await expect(client(server).verify(await expired(60))).rejects.toThrow('"exp" claim');
  });

  test('an answer without keys is a bad answer', async () => {
    await using server = await loopback((_, response) => sendJson(response, 200, { keys: 'none' }));
    await expect(client(server).jwks()).rejects.toMatchObject({ kind: 'bad-answer' });
  });
});
