import { expect, test } from 'vitest';
import { accessQuestions, describeAccess, type Grant } from './grants.ts';

const askedAbout = (grants: readonly Grant[]) =>
  Object.fromEntries(
    accessQuestions(grants).map(({ question, expected }) => [describeAccess(question), expected]),
  );

const secret: Grant = { verb: 'get', resource: 'secrets', name: 'akko-test-passwords' };

test('without grants everything is denied, and the promised three are asked', () => {
  const asked = askedAbout([]);
  expect(new Set(Object.values(asked))).toEqual(new Set(['denied']));
  expect(asked).toMatchObject({
    'create pods/exec': 'denied',
    'list secrets': 'denied',
    'list nodes in all namespaces': 'denied',
  });
});

test('a grant for one object is allowed for that one, denied for all others and elsewhere', () => {
  expect(askedAbout([secret])).toMatchObject({
    'get secrets "akko-test-passwords"': 'allowed',
    'get secrets': 'denied',
    'list secrets': 'denied',
    'get secrets "akko-test-passwords" in all namespaces': 'denied',
  });
});

test('a grant that is tempting as well is asked once, as allowed', () => {
  const asked = accessQuestions([{ verb: 'get', resource: 'pods', subresource: 'log' }]);
  const logs = asked.filter(({ question }) => describeAccess(question) === 'get pods/log');
  expect(logs.map(({ expected }) => expected)).toEqual(['allowed']);
});

test('the same verb of another API group is another grant', () => {
  expect(askedAbout([{ verb: 'create', resource: 'jobs' }])).toMatchObject({
    'create jobs': 'allowed',
    'create jobs.batch': 'denied',
  });
});

test('no question is asked twice', () => {
  const asked = accessQuestions([secret, { ...secret, verb: 'list' }]).map(({ question }) =>
    describeAccess(question),
  );
  expect(asked).toHaveLength(new Set(asked).size);
});
