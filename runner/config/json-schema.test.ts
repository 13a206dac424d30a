// The JSON Schema agrees with the runner about what a charter.yaml is, so an editor says what the run would say.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { configJsonSchema, parseConfig } from './index.ts';
import { sampleWith, sampleYaml } from './testdata/sample.ts';

const docs = join(import.meta.dirname, '..', '..', 'docs');
const published = JSON.parse(readFileSync(join(docs, 'charter.schema.json'), 'utf8')) as Record<
  string,
  unknown
>;
const isValid = new Ajv2020({ strict: true, allowUnionTypes: true, formats: { uri: true } }).compile(
  published,
);

test('is published as the runner makes it', async () => {
  expect(published).toEqual(await configJsonSchema());
});

test('takes the sample', () => {
  expect(isValid(parse(sampleYaml)), JSON.stringify(isValid.errors)).toBe(true);
});

test.each([
  ['environment: staging', 'environment: 3'],
  ['filterColumn: region', 'filter_column: region'],
  ['headerTrust: refused', 'headerTrust: maybe'],
  ['suites: [C-10, W2]', 'suites: []'],
  ['retry: 0', 'retry: 9'],
  ['protected: [/api', 'protected: [api'],
  ['secretKey: CHARTER_CLIENT_SECRET', 'secretKey: ../x'],
  ['  opa:', '  oppa:'],
])('refuses what the runner refuses: %s -> %s', async (piece, replacement) => {
  const text = sampleWith(piece, replacement);
  expect(isValid(parse(text))).toBe(false);
  await expect(parseConfig('charter.yaml', text, { env: {} })).rejects.toMatchObject({
    code: 'CHR_CONFIG_INVALID',
  });
});

test('the example of docs/configuration.md is right, for editors and for the runner', async () => {
  const [, example = ''] =
    /```yaml\n(.*?)```/s.exec(readFileSync(join(docs, 'configuration.md'), 'utf8')) ?? [];
  expect(isValid(parse(example)), JSON.stringify(isValid.errors)).toBe(true);
  expect((await parseConfig('charter.yaml', example, { env: {} })).data.environment).toBe('staging');
});
