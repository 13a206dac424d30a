// Whatever charter.yaml holds, the answer is a Config or a CharterError that says what to do; never another exception.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { CharterError } from '../errors/index.ts';
import { Config, parseConfig } from './index.ts';
import { decode } from './read-text.ts';
import { sampleYaml } from './testdata/sample.ts';

const maxColumns = 80;

async function outcome(bytes: Uint8Array): Promise<'config' | 'error'> {
  try {
    const config = await parseConfig('charter.yaml', decode('charter.yaml', bytes), { env: {} });
    expect(config).toBeInstanceOf(Config);
    return 'config';
  } catch (error) {
    if (!(error instanceof CharterError)) throw error;
    expect(error.code).toMatch(/^CHR_(CONFIG_INVALID|TARGET_EXTERNAL|PERSONA_SECRET_MISSING)$/);
    expect(error.hint).not.toBe('');
    expect(error.message).not.toMatch(/\n\s+at .*\.[jt]s:\d+/);
    if (error.code !== 'CHR_PERSONA_SECRET_MISSING') {
      for (const line of error.message.split('\n')) expect(line.length).toBeLessThanOrEqual(maxColumns);
    }
    return 'error';
  }
}

const bytes = (text: string) => Buffer.from(text, 'utf8');
const lines = sampleYaml.split('\n');

/** Pieces that mean something to YAML, to the schema or to a terminal. */
const piece = fc.oneof(
  fc.constantFrom(
    ...[
      '\n',
      '  ',
      '\t',
      ':',
      ': ',
      '- ',
      '[',
      ']',
      '{',
      '}',
      '&a ',
      '*a',
      '!x ',
      '|',
      '>',
      '#',
      '"',
      "'",
      '---\n',
      '%',
      '?',
      '<<: *a',
      '~',
    ],
    ...[
      'null',
      'true',
      'yes',
      '0',
      '-1',
      '1e9',
      '.inf',
      '0x10',
      '__proto__: ',
      'constructor: ',
      'password: x',
      '\u0000',
      '\u001b[2J',
      '\ufeff',
      '\u2028',
    ],
    ...['http://evil.com', 'http://127.0.0.1', 'akko.svc', 'C-99', 'alice'],
  ),
  fc.string({ unit: 'binary', maxLength: 8 }),
);

const mutation = fc.oneof(
  fc.record({ kind: fc.constant('insert' as const), at: fc.nat(sampleYaml.length), piece }),
  fc.record({
    kind: fc.constant('cut' as const),
    at: fc.nat(sampleYaml.length),
    length: fc.integer({ min: 1, max: 40 }),
  }),
  fc.record({ kind: fc.constant('drop-line' as const), at: fc.nat(lines.length - 1) }),
  fc.record({
    kind: fc.constant('swap-lines' as const),
    at: fc.nat(lines.length - 1),
    with: fc.nat(lines.length - 1),
  }),
  fc.record({ kind: fc.constant('value' as const), at: fc.nat(lines.length - 1), piece }),
);

type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never;

function mutate(text: string, change: Mutation): string {
  if (change.kind === 'insert') return text.slice(0, change.at) + change.piece + text.slice(change.at);
  if (change.kind === 'cut') return text.slice(0, change.at) + text.slice(change.at + change.length);
  const parts = text.split('\n');
  const line = parts[change.at] ?? '';
  if (change.kind === 'drop-line') parts.splice(change.at, 1);
  else if (change.kind === 'value') parts[change.at] = line.replace(/: .*/, () => `: ${change.piece}`);
  else [parts[change.at], parts[change.with]] = [parts[change.with] ?? '', line];
  return parts.join('\n');
}

describe('never another exception', { timeout: 60_000 }, () => {
  test('a right file with one to four mutations; some are still right', async () => {
    const seen = { config: 0, error: 0 };
    const mutations = fc.array(mutation, { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(mutations, async (changes) => {
        seen[await outcome(bytes(changes.reduce(mutate, sampleYaml)))]++;
      }),
      { numRuns: 600 },
    );
    expect(seen.error).toBeGreaterThan(100);
    expect(seen.config).toBeGreaterThan(5);
  });

  test('any YAML', async () => {
    const keys = fc.constantFrom(
      'targets',
      'opa',
      'url',
      'personas',
      'name',
      'cast',
      'admin',
      'suites',
      'expectedSkips',
      'case',
      'modes',
      '__proto__',
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.jsonValue({ maxDepth: 1 }),
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(keys, tie('tree'), { maxKeys: 5 }),
      ),
    }));
    await fc.assert(
      fc.asyncProperty(tree, async (value) => {
        expect(await outcome(bytes(stringify(value)))).toBe('error');
      }),
      { numRuns: 400 },
    );
  });

  test('pieces of YAML in any order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 40 }), async (pieces) => {
        expect(await outcome(bytes(pieces.join('')))).toBe('error');
      }),
      { numRuns: 600 },
    );
  });

  test('any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (content) => {
        expect(await outcome(content)).toBe('error');
      }),
      { numRuns: 400 },
    );
  });
});
