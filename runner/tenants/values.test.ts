import { expect, test } from 'vitest';
import { mergeValues, parseValues } from './values.ts';

test('K56 later values win, maps are merged, lists are replaced', () => {
  const file = { installCRDs: true, a: { x: 1, y: 2 }, list: [1, 2] };
  expect(mergeValues(file, undefined, { a: { y: 3 }, list: [9] })).toEqual({
    installCRDs: true,
    a: { x: 1, y: 3 },
    list: [9],
  });
  expect(file.a.y).toBe(2);
});

test.each([
  ['a: 1', { a: 1 }],
  ['', {}],
  ['# nothing', {}],
])('values %j are %j', (text, expected) => {
  expect(parseValues(text, 'Secret s')).toEqual(expected);
});

test.each(['- 1', 'password HIDDEN', 'a: [HIDDEN'])('%j is refused without being quoted', (text) => {
  expect(() => parseValues(text, 'Secret s, key values.yaml')).toThrow(
    /^Secret s, key values.yaml: no YAML map$/,
  );
});
