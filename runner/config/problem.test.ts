import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ConfigError, type Problem, renderProblems } from './problem.ts';

const problem: Problem = { path: 'a.b', line: 3, column: 5, expected: 'text', got: '3', suggestion: '"3"' };

test('reads like this', () => {
  expect(new ConfigError('charter.yaml', [{ ...problem, line: 9, path: '' }, problem]).message).toBe(
    [
      'charter.yaml: 2 problems',
      '  line 3, column 5: a.b',
      '    expected: text',
      '    got:      3',
      '    did you mean: "3"',
      '  line 9, column 5: the file',
      '    expected: text',
      '    got:      3',
      '    did you mean: "3"',
    ].join('\n'),
  );
});

test('fits 80 columns and holds nothing a terminal would act on, whatever the file holds', () => {
  const text = fc.string({ unit: 'binary', maxLength: 300 });
  fc.assert(
    fc.property(text, text, text, text, (file, path, expected, got) => {
      const rendered = renderProblems(file, [{ path, line: 1, column: 1, expected, got, suggestion: got }]);
      for (const line of rendered.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
      expect(rendered.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }),
  );
});

test('a file with thousands of problems does not fill the screen', () => {
  const rendered = renderProblems('charter.yaml', Array<Problem>(5_000).fill(problem));
  expect(rendered.split('\n')).toHaveLength(1 + 100 * 4 + 1);
  expect(rendered).toMatch(/and 4900 more$/);
});
