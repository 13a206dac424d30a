import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mayBeReleaseOf, releaseName } from './names.ts';

test('K27 the release is named tenant-<tenant>-<cluster>', () => {
  expect(releaseName('acme', 'self-cluster')).toBe('tenant-acme-self-cluster');
});

test('K62 a release name over 53 characters is shortened with a stable hash', () => {
  const cluster = 'a-remote-with-a-long-name-in-a-far-region';
  const name = releaseName('a-tenant-with-a-long-name', cluster);
  expect(name).toBe('tenant-a-tenant-with-a-long-name-a-remote-fe43404d61');
  expect(releaseName('a-tenant-with-a-long-name', cluster)).toBe(name);
  expect(releaseName('a-tenant-with-a-long-name', `${cluster}-2`)).not.toBe(name);
});

test('K62 whatever the names are, Helm takes the result', () => {
  const label = fc.stringMatching(/^[a-z0-9]([a-z0-9.-]{0,60}[a-z0-9])?$/);
  fc.assert(
    fc.property(label, label, (tenant, cluster) => {
      const name = releaseName(tenant, cluster);
      expect(name.length).toBeLessThanOrEqual(53);
      expect(name).toMatch(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/);
      expect(mayBeReleaseOf(tenant, name)).toBe(true);
    }),
  );
});
