import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { answerJson } from '../kube/testing/index.ts';
import { askedFor } from './observe/rollout.ts';
import { settingsOf } from './settings.ts';
import { testStage } from './testing.ts';
import { mergeValues, ownChartValues, parseValues } from './values.ts';

test('K56 --chart-values-file adds values to the default chart and enters the fingerprint', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tenant-values-'));
  const file = join(folder, 'values.yaml');
  await using stage = await testStage({ script: (_, response) => answerJson(response, 200, {}) });
  const { world, scene } = stage.context;
  const asked = (text: string, spec: object = {}) => {
    writeFileSync(file, text);
    const settings = settingsOf({ chartValuesFile: file }, {}, undefined);
    const given = { ...world, chartValues: ownChartValues(settings) };
    return askedFor(given, { ...scene, spec: { ...scene.spec, ...spec } });
  };
  try {
    const one = await asked('replicas: 1\n');
    expect(one.values).toEqual({ installCRDs: true, replicas: 1 });
    expect((await asked('installCRDs: false\n')).values).toEqual({ installCRDs: false });
    expect((await asked('replicas: 2\n')).fingerprint).not.toBe(one.fingerprint);
    expect((await asked('replicas: 1\n')).fingerprint).toBe(one.fingerprint);
    const chartFrom = { repo: 'https://theirs', name: 'x', version: '1.0.0' };
    expect((await asked('replicas: 1\n', { chartFrom })).values).toEqual({});
    expect(() => ownChartValues({ chartInstallCrds: 'no', chartValuesFile: join(folder, 'none') })).toThrow(
      'ENOENT',
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('later values win, maps are merged, lists are replaced', () => {
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
