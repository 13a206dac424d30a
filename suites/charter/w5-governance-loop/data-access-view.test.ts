import { expect, test } from 'vitest';
import { scopesOf } from './data-access-view.ts';

const place = { catalog: 'c', schema: 's', table: 't' };
const scope = {
  scope: 'akko-analyst',
  filters: [{ ...place, expression: '1 = 1' }],
  masks: [{ ...place, column: 'email', expression: "'***'" }],
};

test('a view of scopes is read as it is', () => {
  expect(scopesOf({ scopes: [scope] })).toEqual([scope]);
  expect(scopesOf({ scopes: [] })).toEqual([]);
});

test.each([
  ['nothing', null],
  ['a list', [scope]],
  ['scopes by name', { scopes: { analyst: scope } }],
  ['a scope without masks', { scopes: [{ scope: 'x', filters: [] }] }],
  ['a mask without a column', { scopes: [{ ...scope, masks: scope.filters }] }],
  ['a filter that is null', { scopes: [{ ...scope, filters: [null] }] }],
])('%s is no such view', (_what, body) => {
  expect(scopesOf(body)).toBeUndefined();
});
