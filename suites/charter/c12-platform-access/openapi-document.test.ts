import { expect, test } from 'vitest';
import { problemsOf } from './openapi-document.ts';

const sound = {
  openapi: '3.1.0',
  info: { title: 'Backend', version: '1' },
  paths: { '/health': { get: { responses: { 200: { description: 'OK' } } } } },
};

test('a sound document has no problems', () => {
  expect(problemsOf(JSON.stringify(sound))).toEqual([]);
});

test.each([
  ['an HTML page', '<html></html>', ['the body is not JSON']],
  ['a list', '[]', ['the document is not an object']],
  ['Swagger 2', { ...sound, openapi: undefined, swagger: '2.0' }, ['openapi is not 3.x.y']],
  ['no title', { ...sound, info: { version: '1' } }, ['info.title is missing']],
  ['no info', { ...sound, info: undefined }, ['info is missing']],
  ['no paths', { ...sound, paths: {} }, ['there are no paths']],
  [
    'a path without a slash',
    { ...sound, paths: { health: {} } },
    ['path health does not start with a slash'],
  ],
  [
    'an operation without responses',
    { ...sound, paths: { '/x': { get: {} } } },
    ['GET /x names no responses'],
  ],
])('%s is told', (_what, document, problems) => {
  expect(problemsOf(typeof document === 'string' ? document : JSON.stringify(document))).toEqual(problems);
});
