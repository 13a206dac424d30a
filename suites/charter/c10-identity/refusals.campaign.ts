// What the realm refuses. Lockout-safe: one wrong password for one persona, all other negatives are about nobody.
import { randomUUID } from 'node:crypto';
import { algNone, campaign, expect, hs256WithPublicKey, tamperMiddle } from 'charter-runner';

campaign('C-10', 'Identity', { targets: ['keycloak'] }, (c) => {
  c.case(
    '10.6',
    'a refused login does not say whether the user exists',
    { needs: ['identity.client'], cast: ['viewer'], retry: 'never' },
    async ({ keycloak, cast }) => {
      const nobody = await keycloak.passwordGrant({
        username: `charter-${randomUUID()}`,
        password: randomUUID(),
      });
      expect(nobody.status, 'status for an unknown user').to.be.oneOf([400, 401]);
      expect(nobody.json(), 'answer to an unknown user').toMatchObject({ error: 'invalid_grant' });
      const somebody = await keycloak.passwordGrant({
        username: cast.viewer.username,
        password: randomUUID(),
      });
      expect(nobody.status, 'status for an unknown user, beside that for a known one').toBe(somebody.status);
      expect(nobody.json(), 'answer to an unknown user, beside that to a known one').toEqual(somebody.json());
    },
  );

  c.case(
    '10.7',
    'unknown clients and wrong client secrets are refused',
    { needs: ['identity.client'], logins: ['viewer'] },
    async ({ keycloak, cast, config, skip }) => {
      const { username, password } = cast.viewer;
      const grant = { username, password: password?.reveal() ?? '' };
      const unknown = await keycloak.passwordGrant({
        ...grant,
        clientId: `charter-${randomUUID()}`,
        clientSecret: randomUUID(),
      });
      expect(unknown.status, 'status for an unknown client').toBe(401);
      expect(unknown.json(), 'answer to an unknown client').toMatchObject({ error: 'invalid_client' });
      const { id, secretKey } = config.identity.client ?? {};
      if (id === undefined || secretKey === undefined)
        return skip(
          'identity.client.secretKey is not configured: a public client has no secret to get wrong',
        );
      const wrong = await keycloak.passwordGrant({ ...grant, clientId: id, clientSecret: randomUUID() });
      expect(wrong.status, 'status for a wrong client secret').toBe(401);
      expect(wrong.json(), 'answer to a wrong client secret').toMatchObject({ error: 'unauthorized_client' });
    },
  );

  c.case(
    '10.8',
    'userinfo refuses no token and a token with an altered signature',
    { needs: ['identity.client'], logins: ['analyst'] },
    async ({ keycloak, login, cast }) => {
      const { accessToken } = await login(cast.analyst);
      const sound = await keycloak.userinfo(accessToken);
      expect(sound.status, 'status of userinfo with the sound token').toBe(200);
      const nothing = await keycloak.userinfo();
      expect(nothing.status, 'status of userinfo without a token').toBe(401);
      const altered = await keycloak.userinfo(tamperMiddle(accessToken));
      expect(altered.status, 'status of userinfo with an altered signature').toBe(401);
    },
  );

  c.case(
    '10.9',
    "the Admin API refuses a persona's token",
    { needs: ['identity.client'], logins: ['analyst'] },
    async ({ keycloak, login, cast }) => {
      const users = await keycloak.adminUsers((await login(cast.analyst)).accessToken);
      expect(users.status, 'status of the list of users').to.be.oneOf([401, 403]);
    },
  );

  c.case(
    '10.11',
    'a session that was logged out cannot be refreshed',
    { needs: ['identity.client'], logins: ['analyst'] },
    async ({ keycloak, freshLogin, cast }) => {
      const session = await freshLogin(cast.analyst);
      const refreshed = await keycloak.refresh(session);
      expect(refreshed.status, 'status of a refresh').toBe(200);
      const { refresh_token } = refreshed.json() as { refresh_token?: unknown };
      expect(refresh_token, 'refresh token of the refreshed session').toBeTypeOf('string');
      const logout = await keycloak.logout(String(refresh_token));
      expect(logout.status, 'status of the logout').toBe(204);
      const again = await keycloak.refresh(String(refresh_token));
      expect(again.status, 'status of a refresh after the logout').toBe(400);
      expect(again.json(), 'answer to a refresh after the logout').toMatchObject({ error: 'invalid_grant' });
    },
  );

  c.case(
    '10.12',
    'userinfo refuses unsigned tokens and tokens signed with the public key',
    { needs: ['identity.client'], logins: ['analyst'] },
    async ({ keycloak, login, cast, warn, skip }) => {
      const { accessToken } = await login(cast.analyst);
      const key = (await keycloak.jwks()).keys.find(({ use, alg }) => use === 'sig' && alg === 'RS256');
      const sound = await keycloak.userinfo(accessToken);
      expect(sound.status, 'status of userinfo with the sound token').toBe(200);
      const forged = {
        'alg none': algNone(accessToken),
        ...(key === undefined ? {} : { 'HS256 with the public key': hs256WithPublicKey(accessToken, key) }),
      };
      for (const [kind, token] of Object.entries(forged)) {
        const { status } = await keycloak.userinfo(token);
        if (status >= 500) warn(`userinfo answers ${status} to ${kind}: refused, but by stumbling`);
        else expect(status, `status of userinfo with ${kind}`).toBe(401);
      }
      if (key === undefined) skip('the realm publishes no RS256 signing key to forge a token with');
    },
  );
});
