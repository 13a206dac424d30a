import { expect, test } from 'vitest';
import { isRelease } from './versions.ts';

test.each(['476', '1.22.0', '26.2.4', '2026.05', 'devhub-1.0', 'v1.0-rc1'])('%s is a release', (version) => {
  expect(isRelease(version)).toBe(true);
});

test.each(['latest', 'dev', '1.22.0-dev', '477-SNAPSHOT', 'dev_2026', 'trino:latest'])(
  '%s is not',
  (version) => {
    expect(isRelease(version)).toBe(false);
  },
);
