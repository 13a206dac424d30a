// What a persona's token says, and for how long.
import { campaign, expect } from 'charter-runner';
import { adminRole, noAdminRole } from '../roles.ts';
import { checkToken, loginStatus, rolesIn } from './token-check.ts';

campaign('C-10', 'Identity', { targets: ['keycloak'] }, (c) => {
  c.case(
    '10.3',
    'every persona gets a bearer token that lives briefly',
    { needs: ['identity.client'], personas: 'each', password: 'required' },
    async ({ login, persona, config }) => {
      expect(await loginStatus(login(persona)), `status of the password grant of ${persona.name}`).toBe(200);
      const { tokenType, expiresIn } = await login(persona);
      expect(tokenType, 'token_type').toBe('Bearer');
      expect(expiresIn, 'expires_in').toBeGreaterThan(0);
      expect(expiresIn, 'expires_in').toBeLessThanOrEqual(config.budgets.tokenLifetimeS);
    },
  );

  c.case(
    '10.4',
    'a token is signed by the realm, under its canonical name, for its user',
    { needs: ['identity.client', 'identity.issuer'], personas: 'each', password: 'required' },
    async ({ keycloak, login, persona, config }) => {
      const token = await checkToken(keycloak, await login(persona));
      expect(token, 'signature against the keys of the realm').toMatchObject({ holds: true });
      if (!token.holds) return;
      const { iss, exp, iat, preferred_username } = token.claims;
      expect(iss, 'iss').toBe(config.identity.issuer);
      expect(preferred_username, 'preferred_username').toBe(persona.username);
      expect(Number(exp) - Number(iat), 'exp - iat').toBeGreaterThan(0);
      expect(Number(exp) - Number(iat), 'exp - iat').toBeLessThanOrEqual(config.budgets.tokenLifetimeS);
    },
  );

  c.case(
    '10.5',
    'a token carries the roles and groups of its user, and the admin role only for the admin',
    { needs: ['identity.client'], personas: 'each', password: 'required' },
    async ({ keycloak, login, persona, config, skip }) => {
      const { accessToken } = await login(persona);
      const { groups, roles } = rolesIn(keycloak.decode(accessToken).payload);
      const held = new Set([...groups, ...roles]);
      expect(
        persona.roles.filter((role) => !held.has(role)),
        'configured roles that the token lacks',
      ).toEqual([]);
      expect(
        persona.groups.filter((group) => !groups.includes(group)),
        'configured groups that the groups claim lacks',
      ).toEqual([]);
      const admin = adminRole(config) ?? skip(noAdminRole);
      expect(held.has(admin), `${persona.name} holds ${admin}`).toBe(persona.roles.includes(admin));
      if (persona.roles.length === 0) skip(`personas: ${persona.name} has no roles to look for`);
    },
  );
});
