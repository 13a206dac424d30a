import { expect, test } from 'vitest';
import { stagesOf } from './stages.ts';

const text = `ARG BASE=x
FROM \${BASE} AS app
USER 1
FROM app AS runner
COPY a /a
FROM app AS harness
COPY b /b
FROM harness AS operator
CMD c
`;

test('keeps the arguments, the target and what it comes from', () => {
  expect(stagesOf(text, 'operator')).toBe(text.replace('FROM app AS runner\nCOPY a /a\n', ''));
  expect(stagesOf(text, 'app')).toBe(text.slice(0, text.indexOf('FROM app AS runner')));
});

test('names a target that is not there', () => {
  expect(() => stagesOf(text, 'oprator')).toThrow('no target oprator');
});
