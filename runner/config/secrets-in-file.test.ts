// A secret in charter.yaml is refused under whatever name, and no message repeats it.
import { describe, expect, test } from 'vitest';
import { isSecretName, useTheSecret } from './checks/secrets-in-file.ts';
import { configJsonSchema, schemaKeys } from './json-schema.ts';
import { ConfigError } from './problem.ts';
import { sampleWith, sampleYaml } from './testdata/sample.ts';
import { validate } from './validate.ts';

const value = 'hunter2-5Zq';
const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl';

function refusal(text: string): ConfigError {
  try {
    validate('charter.yaml', text, { embedded: false });
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('the file was accepted');
}

describe('refused, without its value', () => {
  test.each([
    [
      'a password of a persona',
      sampleWith('    username: carol', `    username: carol\n    password: ${value}`),
      'personas[1].password',
    ],
    [
      'in another spelling',
      sampleWith('    username: carol', `    username: carol\n    Pass-Wd: ${value}`),
      'personas[1].Pass-Wd',
    ],
    [
      'a client secret',
      sampleWith('{ id: charter, ', `{ id: charter, clientSecret: ${value}, `),
      'identity.client.clientSecret',
    ],
    ['a map of passwords', `${sampleYaml}passwords:\n  alice: ${value}\n`, 'passwords'],
    [
      'the variable as a key',
      `${sampleYaml}AKKO_TEST_PASSWORD_ALICE: ${value}\n`,
      'AKKO_TEST_PASSWORD_ALICE',
    ],
    [
      'where the shape is wrong',
      sampleWith('production: true', `production: { password: ${value} }`),
      'modes.production.password',
    ],
    [
      'a URL with credentials',
      sampleWith("'http://akko-akko-opa:8181'", `'http://admin:${value}@opa:8181'`),
      'targets.opa.url',
    ],
    [
      'an issuer with credentials',
      sampleWith('https://keycloak', `https://admin:${value}@keycloak`),
      'identity.issuer',
    ],
    ['a token', sampleWith('username: carol', `username: ${jwt}`), 'personas[1].username'],
    ...['hun/PW', 'hun#PW', 'hun?PW', '/PW'].map((password): [string, string, string] => [
      `a URL with the password ${password}`,
      sampleWith('http://akko-akko-opa:8181', `http://admin:${password.replace('PW', value)}@opa:8181`),
      'targets.opa.url',
    ]),
    ...[
      'postgres://db/x?user=u&password=PW',
      'host=db user=u password=PW',
      'host=db user=u password = PW',
      "host=db password='PW'",
      'postgres://u:hun/PW@db/charter',
    ].map((connection): [string, string, string] => [
      `a connection: ${connection}`,
      `${sampleYaml}store: { connectionFile: "${connection.replace('PW', value)}" }\n`,
      'store.connectionFile',
    ]),
    ...['password', 'client_secret', 'access_token', 'api_key', 'apikey', 'PASSWD', 'pwd'].map(
      (name): [string, string, string] => [
        `a query with ${name}`,
        sampleWith('protected: [/api', `protected: [/api?${name}=${value}, /api`),
        'routes.cockpitBackend.protected[0]',
      ],
    ),
    [
      'a private key',
      sampleWith('username: carol', `username: "-----BEGIN RSA PRIVATE KEY-----${value}"`),
      'personas[1].username',
    ],
  ])('%s', (_name, text, path) => {
    const { problems, message } = refusal(text);
    expect(problems.filter(({ expected }) => expected === useTheSecret)).toMatchObject([{ path }]);
    expect(problems.filter((problem) => problem.path === path)).toHaveLength(1);
    expect(message).not.toContain(value);
    expect(message).not.toContain(jwt.slice(0, 30));
  });
});

test('a password given as the name of a key is not repeated either', () => {
  const { problems, message } = refusal(
    sampleWith('secretKey: CHARTER_CLIENT_SECRET', `secretKey: "${value} !"`),
  );
  expect(problems).toMatchObject([{ path: 'identity.client.secretKey', got: '13 characters (withheld)' }]);
  expect(message).not.toContain(value);
});

test.each([
  ['a number', '20261122'],
  ['a number in another notation', '0x1352A12'],
  ['a truth', 'true'],
  ['a list', '[20261122]'],
  ['a mapping', '{ 20261122: x }'],
])('nor is %s in its place', (_name, written) => {
  const { problems, message } = refusal(
    sampleWith('    username: carol', `    username: carol\n    passwordKey: ${written}`),
  );
  expect(problems).toMatchObject([
    { path: 'personas[1].passwordKey', expected: 'text', got: expect.stringMatching(/\(withheld\)$/) },
  ]);
  expect(problems[0]).not.toHaveProperty('suggestion');
  expect(message).not.toMatch(/20261122|0x1352A12/);
});

describe('no false accusation of', () => {
  test.each([
    ['a port', sampleWith('https://keycloak.example.com/', 'https://keycloak.example.com:8443/')],
    ['an @ behind a port', sampleWith('example.com/realms/akko', 'example.com:8443/realms/akko@bank')],
    ['an @ behind a path', sampleWith('example.com/realms/akko', 'example.com/realms/akko:x@bank')],
    ['an address', sampleWith('username: carol', 'username: carol\n    email: carol@bank.example')],
    ['a harmless query', sampleWith('protected: [/api', 'protected: ["/api?page=2&tokens=3", /api')],
    ['words about secrets', sampleWith('reason: only one project', 'reason: password and token are not set')],
    ['a mounted file', `${sampleYaml}store: { mode: postgres, connectionFile: /run/secrets/password }\n`],
    ['a distinguished name', sampleWith('groups: [projet-scoring]', 'groups: ["cn=secret-team,ou=bank"]')],
  ])('%s', (_name, text) => {
    expect(validate('charter.yaml', text, { embedded: false }).data.environment).toBe('staging');
  });
});

test.each([
  'http://admin:PW@opa',
  'http://admin:hun/PW@opa',
  'admin:hun/PW@opa',
  'opa?password=PW',
  'opa:8181 password = hun PW',
  'http:\\\\admin:PW@opa',
  '//admin:PW@opa',
  'http:/admin:PW@opa',
  'admin:PW@opa:8181',
  'http:// admin:PW@opa',
])('credentials do not show in a URL that is wrong for another reason: %s', (url) => {
  const { message } = refusal(sampleWith('http://akko-akko-opa:8181', url.replace('PW', value)));
  expect(message).not.toContain(value);
});

test('a long text that is none does not take minutes', () => {
  const text = `@${'://a:'.repeat(100_000)}`;
  const before = process.cpuUsage();
  refusal(sampleWith('http://akko-akko-opa:8181', text));
  expect(process.cpuUsage(before).user / 1e6).toBeLessThan(8);
});

test('no key of charter.yaml itself has the name of a secret', () => {
  const names = schemaKeys(configJsonSchema()).map((key) => key.split('.').at(-1) ?? '');
  expect(names.length).toBeGreaterThan(100);
  expect(names.filter(isSecretName)).toEqual([]);
});
