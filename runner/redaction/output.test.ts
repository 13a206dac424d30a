import { expect, it } from 'vitest';
import { RedactedOutput, Redactor } from './index.ts';

it('what cases print side by side is redacted case by case: the output of another one parts no secret', () => {
  let shown = '';
  const output = new RedactedOutput(new Redactor(['hunter22']), (text) => {
    shown += text;
  });
  output.push('split hunt', 'C/1');
  output.push('in between\n', 'C/2');
  output.push('nobody knows\n');
  output.push('er22 end\n', 'C/1');
  output.end('C/1');
  expect(shown).toBe('split *** end\n');
  output.push('late\n', 'C/1');
  output.flush();
  expect(shown).toBe('split *** end\nin between\nnobody knows\nlate\n');
});
