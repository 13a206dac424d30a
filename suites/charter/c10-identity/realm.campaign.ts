// What the realm tells everybody: its name, its keys, and that nobody registers themselves.
import { campaign, expect } from 'charter-runner';

campaign('C-10', 'Identity', { targets: ['keycloak'] }, (c) => {
  c.case(
    '10.1',
    'discovery names the canonical issuer, the token endpoint and the keys',
    { needs: ['identity.issuer'] },
    async ({ keycloak, config }) => {
      const discovery = await keycloak.discovery();
      expect(discovery.status, 'status of discovery').toBe(200);
      const { issuer, token_endpoint, jwks_uri } = discovery.json() as Record<string, unknown>;
      expect(issuer, 'issuer').toBe(config.identity.issuer);
      expect(String(token_endpoint), 'token_endpoint').toMatch(/^https?:\/\/\S+$/);
      expect(String(jwks_uri), 'jwks_uri').toMatch(/^https?:\/\/\S+$/);
    },
  );

  c.case('10.2', 'the realm publishes a named RS256 signing key', async ({ keycloak }) => {
    const { keys } = await keycloak.jwks();
    const signing = keys.filter(({ use, alg }) => use === 'sig' && alg === 'RS256');
    expect(signing.length, 'keys with use=sig and alg=RS256').toBeGreaterThan(0);
    const unnamed = signing.filter(({ kid }) => typeof kid !== 'string' || kid === '');
    expect(unnamed.length, 'signing keys without a kid').toBe(0);
  });

  c.case(
    '10.10',
    'nobody can register themselves',
    { needs: ['identity.client'] },
    async ({ keycloak, skip }) => {
      const page = await keycloak.registrationPage();
      expect(page.status, 'status of the registration page').toBe(400);
      expect(page.text.includes('<input'), 'the registration page holds a form').toBe(false);
      // A client or a redirect that the realm does not know is 400 as well, and says nothing about registration.
      if (!/registration not allowed/i.test(page.text))
        skip('the registration page is refused for a reason other than "Registration not allowed"');
    },
  );
});
