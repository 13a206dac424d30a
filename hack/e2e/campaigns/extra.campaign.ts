// What a team adds to the charter for itself: brought into the Pod by a ConfigMap or an image, never part of ours.
import { campaign, expect } from 'charter-runner';

campaign('EXTRA', 'A promise of our own', { targets: ['keycloak'] }, (c) => {
  c.case('EXTRA.1', 'the realm publishes a key', async ({ keycloak }) => {
    const { keys } = await keycloak.jwks();
    expect(keys.length, 'keys').toBeGreaterThan(0);
  });
});
