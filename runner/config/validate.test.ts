import { describe, expect, test } from 'vitest';
import { ConfigError, type Problem } from './problem.ts';
import { sampleWith, sampleYaml } from './testdata/sample.ts';
import { validate } from './validate.ts';

function problemsOf(text: string, embedded: 'embedded' | 'cluster' = 'cluster'): readonly Problem[] {
  try {
    validate('charter.yaml', text, { embedded: embedded === 'embedded' });
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

const outside = (host: string) => `outside: { host: "${host}", port: 80, nonce: abc }`;

test('the sample is right', () => {
  expect(problemsOf(sampleYaml)).toEqual([]);
});

describe('one thing wrong: its place, what was expected, what is there, what was meant', () => {
  test.each<[string, string, ...string[]]>([
    [
      "url: 'http://akko-akko-opa:8181'",
      "ulr: 'http://akko-akko-opa:8181'",
      '4:3 targets.opa.url',
      '4:10 targets.opa.ulr -> url',
    ],
    ['environment: staging', 'environment: 3.10', '1:14 environment -> "3.10"'],
    ['environment: staging', 'realm: akko', '1:1 realm -> identity.realm'],
    ['filterColumn: region', 'filter_column: region', '29:5 data.governed.filter_column -> filterColumn'],
    ['filterColumn: region', 'filterColumn:', '29:5 data.governed.filterColumn'],
    ['production: true', 'production: yes', '40:15 modes.production -> true'],
    ['production: true', 'production: off', '40:15 modes.production -> false'],
    ['headerTrust: refused', 'headerTrust: expectd', '42:16 trino.headerTrust -> expected'],
    ['caseMs: 20000', 'caseMs: "20000"', '38:11 budgets.caseMs -> 20000'],
    ['caseMs: 20000', 'caseMs: 0', '38:11 budgets.caseMs'],
    ['caseMs: 20000', 'caseMs: 1.5', '38:11 budgets.caseMs'],
    ['caseMs: 20000', 'runMs: 2592000000', '38:10 budgets.runMs'],
    ['retry: 0', 'lock: { waitMs: 2592000000 }', '47:30 execution.lock.waitMs'],
    ['retry: 0', 'lock: { leaseMs: 2592000000 }', '47:31 execution.lock.leaseMs'],
    ['suites: [C-10, W2]', 'store: { finishMs: 2592000000 }', '46:20 store.finishMs'],
    ['suites: [C-10, W2]', 'store: { beatMs: 200000000 }', '46:18 store.beatMs'],
    ['roles: [akko-admin]', 'roles: akko-admin', '15:12 personas[0].roles -> [akko-admin]'],
    ['admin: alice', 'admin: alcie', '21:10 cast.admin -> alice'],
    ['admin: alice', 'admn: alice', '21:3 cast.admn -> admin'],
    [
      'name: carol',
      'name: alice',
      '16:11 personas[1].name',
      '22:12 cast.analyst',
      '45:13 expectedSkips[1].case',
    ],
    [
      'name: carol',
      'name: ALICE',
      '16:11 personas[1].name',
      '22:12 cast.analyst',
      '45:13 expectedSkips[1].case',
    ],
    [
      'name: carol',
      'name: "carol smith"',
      '16:11 personas[1].name',
      '22:12 cast.analyst',
      '45:13 expectedSkips[1].case',
    ],
    ['suites: [C-10, W2]', 'suites: [C10, W2]', '46:10 suites[0] -> C-10'],
    ['suites: [C-10, W2]', 'suites: chater', '46:9 suites -> charter'],
    ['suites: [C-10, W2]', 'suites: c-10', '46:9 suites -> [C-10]'],
    ['suites: [C-10, W2]', 'suites: []', '46:9 suites'],
    ["case: '13.10'", 'case: 13.10', '44:13 expectedSkips[0].case -> "13.10"'],
    ["case: '13.10'", 'case: C-13.10', '44:13 expectedSkips[0].case -> 13.10'],
    ["case: '13.10'", 'case: "w2,4"', '44:13 expectedSkips[0].case -> W2.4'],
    ["case: '13.10'", "case: 'C-13 13.10'", '44:13 expectedSkips[0].case -> C-13/13.10'],
    [
      "case: 'C-11/11.3[carol]'",
      "case: 'c11/11.3[carol]'",
      '45:13 expectedSkips[1].case -> C-11/11.3[carol]',
    ],
    [
      "case: 'C-11/11.3[carol]'",
      "case: 'C-12/11.3[carol]'",
      '45:13 expectedSkips[1].case -> C-11/11.3[carol]',
    ],
    [
      "case: 'C-11/11.3[carol]'",
      "case: 'C-11/11.3[carl]'",
      '45:13 expectedSkips[1].case -> C-11/11.3[carol]',
    ],
    ['[carol]', '[(anlyst)]', '45:13 expectedSkips[1].case -> C-11/11.3[(analyst)]'],
    ["case: '13.10'", "case: 'C-1/10.3'", '44:13 expectedSkips[0].case -> C-10/10.3'],
    ["case: '13.10'", "case: 'W3/W2.4'", '44:13 expectedSkips[0].case -> W2/W2.4'],
    ['protected: [/api', 'protected: [api', '36:17 routes.cockpitBackend.protected[0]'],
    ['issuer: https://', 'issuer: akko ', '9:11 identity.issuer'],
    ['issuer: https://keycloak.example.com', 'issuer: keycloak:8080', '9:11 identity.issuer'],
    ['issuer: https://', 'issuer: "javascript:alert(1)" #', '9:11 identity.issuer'],
    ['suites: [C-10, W2]', outside('http://1.2.3.4/x'), '46:18 outside.host'],
    ['suites: [C-10, W2]', outside('1.2.3.4:80'), '46:18 outside.host'],
    ['suites: [C-10, W2]', outside('[2001:db8::1]'), '46:18 outside.host'],
    ['secretKey: CHARTER_CLIENT_SECRET', 'secretKey: ../../token', '10:37 identity.client.secretKey'],
    ['retry: 0', 'retry: 9', '47:21 execution.retry'],
  ])('%s -> %s', (piece, replacement, ...expected) => {
    const shown = problemsOf(sampleWith(piece, replacement)).map(({ line, column, path, suggestion }) => {
      return `${line}:${column} ${path}${suggestion === undefined ? '' : ` -> ${suggestion}`}`;
    });
    expect(shown).toEqual(expected);
  });
});

describe('expectedSkips takes', () => {
  test.each([
    '13.1',
    'W2.4',
    'C-13/13.1',
    'C-13/13.1[carol]',
    'W2/W2.4',
    '13.1[carol]',
    'MY/1',
    'my-own.case',
    'C-11/11.3[(analyst)]',
    'C-11/11.3[(none)]',
    'MY/2.4',
    'MY/W2.4',
    'C-16/16.1',
  ])('%s', (id) => {
    expect(problemsOf(sampleWith("case: '13.10'", `case: '${id}'`))).toEqual([]);
  });
});

describe('outside.host takes', () => {
  test.each(['outside.example', 'EXAMPLE.com.', '203.0.113.7', '2001:db8::1', 'under_score'])(
    '%s',
    (host) => {
      expect(problemsOf(sampleWith('suites: [C-10, W2]', outside(host)))).toEqual([]);
    },
  );
});

describe('where only the campaigns that ship are meant, expectedSkips names their cases', () => {
  const shown = (id: string) => {
    try {
      const text = sampleWith("case: '13.10'", `case: '${id}'`);
      validate('charter.yaml', text, { embedded: false, campaigns: 'shipped' });
      return 'accepted';
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      return error.problems.map(({ expected, suggestion }) => `${expected} -> ${suggestion}`).join();
    }
  };

  test.each([
    ['13.99', /^a case of C-13, 13\.1 to 13\.9; one of your own by its key, e\.g\. MY\/13\.99 -> 13\.9$/],
    ['13.0', /^a case of C-13, 13\.1 to 13\.9; /],
    ['W2.77', /^a case of W2, W2\.1 to W2\.12; /],
    ['C-13/13.10', /^a case of C-13, .* -> C-13\/13\.1$/],
    ['C-13/13.10[carol]', /-> C-13\/13\.1\[carol\]$/],
    ['W2/2.4', /^a case of W2, .* -> W2\/W2\.4$/],
    ['C-13/16.1', /^a case of C-13, /],
  ])('%s', (id, told) => {
    expect(shown(id)).toMatch(told);
  });

  test.each(['13.9', 'W2.12', 'C-13/13.1[carol]', 'MY/13.99', '99', 'C-16/16.1'])('%s is fine', (id) => {
    expect(shown(id)).toBe('accepted');
  });
});

test('every problem at once, in the order of the file', () => {
  const text = sampleWith('retry: 0', 'retry: x')
    .replace('production: true', 'strict: 1')
    .replace('  opa:', '  oppa:')
    .replace('admin: alice', 'admin: bob');
  expect(problemsOf(text).map(({ path }) => path)).toEqual([
    'targets.opa',
    'targets.oppa',
    'cast.admin',
    'modes.strict',
    'execution.retry',
  ]);
});

describe('a file that is no charter.yaml', () => {
  test.each<[string, string, string]>([
    ['empty', '', 'an empty file'],
    ['only comments', '# nothing\n', 'an empty file'],
    ['null', '~', 'an empty file'],
    ['a list', '- a\n- b\n', 'a list'],
    ['a word', 'hello', 'a single value'],
    ['two documents', `${sampleYaml}---\na: 1\n`, 'a second one, after ---'],
    ['a tab', 'targets:\n\topa: {}\n', 'Tabs are not allowed as indentation'],
    ['an open quote', 'environment: "x\n', 'Missing closing "quote'],
    ['an unknown tag', 'environment: !env X\n', 'Unresolved tag: !env'],
    ['a list as key', '? [a]\n: 1\n', 'With stringKeys, all keys must be strings'],
    ['an unknown alias', 'environment: *nope\n', '*nope'],
    ['an alias into itself', 'targets: &t\n  opa: *t\n', '*t'],
    ['deep nesting', `environment: ${'['.repeat(100)}${']'.repeat(100)}\n`, 'values nested deeper'],
    ['very deep nesting', `environment: ${'['.repeat(20_000)}\n`, 'values nested far too deeply'],
    ['an alias bomb', bomb(), 'aliases that multiply without end'],
  ])('%s', (_name, text, got) => {
    const problems = problemsOf(text);
    expect(problems[0]?.got).toBe(got);
    expect(problems.length).toBeLessThanOrEqual(20);
  });

  function bomb(): string {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
    for (let i = 1; i < 9; i++)
      lines.push(
        `a${i}: &a${i} [${Array(9)
          .fill(`*a${i - 1}`)
          .join(', ')}]`,
      );
    return `${lines.join('\n')}\n`;
  }
});

test('a key given twice is named with its first line, and the rest is checked all the same', () => {
  const problems = problemsOf(sampleWith('execution: { retry: 0 }', 'suites: all\nexecution: { retry: 9 }'));
  expect(problems).toMatchObject([
    { path: 'suites', line: 47, column: 1, got: 'the same key as on line 46' },
    { path: 'execution.retry', line: 48 },
  ]);
});

test('many keys do not take minutes', () => {
  const text = `${sampleYaml}x:\n${Array.from({ length: 20_000 }, (_, index) => `  k${index}: 1`).join('\n')}\n`;
  const before = process.cpuUsage();
  expect(problemsOf(text)).toMatchObject([{ path: 'x' }]);
  // Processor time, so that a busy machine does not make it fail; comparing all keys with all takes over 30 s.
  expect(process.cpuUsage(before).user / 1e6).toBeLessThan(8);
});

test('aliases and anchors are fine, and a problem behind an alias stands where it is written', () => {
  const text = sampleWith('roles: [akko-admin]', 'roles: &roles [akko-admin, 3]').replace(
    'roles: [akko-analyst]',
    'roles: *roles',
  );
  expect(problemsOf(text).map(({ path, line }) => `${line} ${path}`)).toEqual([
    '15 personas[0].roles[1]',
    '15 personas[1].roles[1]',
  ]);
});

test('__proto__ is an unknown key like any other', () => {
  expect(problemsOf(`${sampleYaml}__proto__: { modes: { production: false } }\n`)).toMatchObject([
    { path: '__proto__' },
  ]);
});
