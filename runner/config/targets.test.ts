// Where the targets of a charter.yaml may be.
import { describe, expect, test } from 'vitest';
import { targetNames } from './names.ts';
import { ConfigError } from './problem.ts';
import { sampleWith, sampleYaml } from './testdata/sample.ts';
import { validate } from './validate.ts';

const everywhere = (url: string) => sampleYaml.replaceAll(/url: '[^']*'/g, () => `url: '${url}'`);

function refusal(text: string, embedded: 'embedded' | 'cluster' = 'cluster'): ConfigError {
  try {
    validate('charter.yaml', text, { embedded: embedded === 'embedded' });
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('the file was accepted');
}

test('targets outside are refused, all of them, with a code of their own', () => {
  const error = refusal(everywhere('https://gateway.example.com'));
  expect(error.code).toBe('CHR_TARGET_EXTERNAL');
  expect(error.hint).toContain('allowExternalTargets');
  expect(error.problems.map(({ path }) => path)).toEqual(targetNames.map((name) => `targets.${name}.url`));
});

test('with other problems beside them, the file as a whole is invalid', () => {
  const error = refusal(everywhere('https://gateway.example.com').replace('retry: 0', 'retry: x'));
  expect(error.code).toBe('CHR_CONFIG_INVALID');
  expect(error.problems).toHaveLength(6);
});

test('a target declared absent must be in the cluster too', () => {
  expect(
    refusal(sampleWith('http://akko-akko-policy-sync:8080', 'http://sync.example.com')).problems,
  ).toMatchObject([{ path: 'targets.policySync.url', code: 'CHR_TARGET_EXTERNAL' }]);
});

test('allowed on purpose, they are carried along for the report', () => {
  const text = sampleWith('production: true', 'allowExternalTargets: true').replace(
    'http://akko-akko-opa:8181',
    'https://opa.example.com',
  );
  expect(validate('charter.yaml', text, { embedded: false }).externalTargets).toEqual([
    'opa=https://opa.example.com',
  ]);
  expect(validate('charter.yaml', sampleYaml, { embedded: false }).externalTargets).toEqual([]);
});

test('allowing them does not allow another scheme, or credentials', () => {
  const text = sampleWith('production: true', 'allowExternalTargets: true');
  expect(refusal(text.replace('http://akko-akko-opa:8181', 'ftp://opa.example.com')).code).toBe(
    'CHR_CONFIG_INVALID',
  );
  expect(refusal(text.replace('http://akko-akko-opa:8181', 'https://u:p@opa.example.com')).code).toBe(
    'CHR_CONFIG_INVALID',
  );
});

describe('loopback', () => {
  test('is for the embedded platform', () => {
    expect(
      validate('charter.yaml', everywhere('http://127.0.0.1:4000'), { embedded: true }).externalTargets,
    ).toEqual([]);
  });

  test('is refused otherwise, because a sidecar is not the platform', () => {
    expect(refusal(everywhere('http://127.0.0.1:4000')).problems[0]?.got).toContain(
      'only the embedded platform',
    );
  });

  test('embedded, another host is refused as ever', () => {
    expect(refusal(everywhere('http://10.0.0.1'), 'embedded').code).toBe('CHR_TARGET_EXTERNAL');
  });
});

test('the cluster domain of the file decides', () => {
  const text = sampleWith('environment: staging', 'clusterDomain: k8s.example').replaceAll(
    'svc.cluster.local',
    'svc.k8s.example',
  );
  expect(validate('charter.yaml', text, { embedded: false }).data.clusterDomain).toBe('k8s.example');
});
