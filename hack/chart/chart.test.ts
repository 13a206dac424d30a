// What the chart renders: exactly these objects, this power, these peers. Needs helm, no cluster.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { generatedChartFiles } from './generate.ts';
import {
  at,
  charterOf,
  helm,
  inventory,
  jobOf,
  manifests,
  noHelm,
  only,
  parsed,
  podOf,
  render,
  runHelm,
} from './helm.ts';
import { chartFolder } from './paths.ts';
import { valueSetNames, valueSets } from './values-sets.ts';

const name = 'akko-akko-charter-runner';

const readme = () => readFileSync(join(chartFolder, 'README.md'), 'utf8');

/** The umbrella that README.md shows. */
function umbrellaChart(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'umbrella-'));
  for (const [, file = '', text = ''] of readme().matchAll(/```yaml\n# (\S+) of the umbrella\n(.*?)```/gs))
    writeFileSync(
      join(path, file),
      file === 'Chart.yaml' ? `apiVersion: v2\nname: umbrella\nversion: 0.1.0\n${text}` : text,
    );
  cpSync(chartFolder, join(path, 'charts', 'akko-charter-runner'), { recursive: true });
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

function numbersOf(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersOf) : [];
}

test.each(await generatedChartFiles())(
  'a generated file of the chart is current: $path (hack/node hack/chart/generate.ts)',
  ({ path, text }) => {
    expect(readFileSync(path, 'utf8'), basename(path)).toBe(text);
  },
);

test('the image of the chart is that of this runner', () => {
  const { appVersion } = parse(readFileSync(join(chartFolder, 'Chart.yaml'), 'utf8'));
  const { version } = JSON.parse(readFileSync(join(chartFolder, '..', '..', 'package.json'), 'utf8'));
  expect(appVersion).toBe(version);
});

describe('rendered', () => {
  beforeEach((context) => {
    if (helm === undefined) context.skip(noHelm);
  });

  test('helm lint has nothing to say', () => {
    const { status, text, messages } = runHelm(['lint', '--strict', chartFolder]);
    expect({ status, complaints: `${text}${messages}`.match(/\[(WARNING|ERROR)\].*/g) }).toEqual({
      status: 0,
      complaints: null,
    });
  });

  test.each([
    ['defaults', ['ConfigMap', 'CronJob', 'Lease', 'NetworkPolicy', 'Role', 'RoleBinding', 'ServiceAccount']],
    ['without a lock', ['ConfigMap', 'CronJob', 'NetworkPolicy', 'ServiceAccount']],
    [
      'secret through the API',
      ['ConfigMap', 'CronJob', 'NetworkPolicy', 'Role', 'RoleBinding', 'ServiceAccount'],
    ],
    ['placed Pods', ['ConfigMap', 'CronJob', 'Lease', 'Role', 'RoleBinding', 'ServiceAccount']],
  ] as const)('%s: every object bears the name operators know', (set, kinds) => {
    expect(inventory(manifests(valueSets[set]))).toEqual(kinds.map((kind) => `${kind}/${name}`));
  });

  test('kept reports: a claim, and a suspended CronJob that reads them', () => {
    const found = manifests(valueSets['kept reports']);
    expect(inventory(found)).toEqual(
      [
        ...inventory(manifests()),
        `CronJob/${name}-report`,
        `NetworkPolicy/${name}-report`,
        `PersistentVolumeClaim/${name}`,
      ].sort(),
    );
    const report = only(found, 'CronJob', `${name}-report`);
    expect(at(report, 'spec.suspend')).toBe(true);
    expect(at(podOf(report), 'containers.0.args')).toEqual(['report', 'fetch']);
    expect(at(podOf(report), 'containers.0.volumeMounts.1')).toEqual({
      name: 'results',
      mountPath: '/tmp/charter-out',
      readOnly: true,
    });
    expect(at(podOf(report), 'automountServiceAccountToken')).toBe(false);
  });

  test('a claim of the user is used, and none made', () => {
    const found = manifests(valueSets['own claim']);
    expect(inventory(found)).not.toContain(`PersistentVolumeClaim/${name}`);
    for (const cronJob of [name, `${name}-report`])
      expect(at(podOf(only(found, 'CronJob', cronJob)), 'volumes.1')).toEqual({
        name: 'results',
        persistentVolumeClaim: { claimName: 'reports' },
      });
  });

  test('switched off: nothing at all', () => {
    expect(manifests({ enabled: false })).toEqual([]);
    expect(manifests({ enabled: false, shards: 3, config: { suites: 'all' } })).toEqual([]);
  });

  test('the name is <release>-akko-charter-runner, and never longer than a CronJob may be', () => {
    for (const [release, expected] of [
      ['akko', 'akko-akko-charter-runner'],
      ['akko-charter-runner', 'akko-charter-runner-akko-charter-runner'],
      ['r'.repeat(40), `${'r'.repeat(40)}-akko-charte`],
      ['123', '123-akko-charter-runner'],
    ] as const) {
      const found = manifests({ results: { type: 'persistentVolumeClaim' } }, release);
      const cronJobs = found.filter(({ kind }) => kind === 'CronJob').map(({ metadata }) => metadata.name);
      expect(cronJobs[0]).toBe(expected);
      expect(new Set(cronJobs).size).toBe(2);
      for (const one of cronJobs) expect(one.length).toBeLessThanOrEqual(52);
      expect(only(found, 'ConfigMap', expected).metadata.labels['app.kubernetes.io/instance']).toBe(release);
    }
    expect(inventory(manifests({ fullnameOverride: 'charter' }))).toContain('CronJob/charter');
    expect(inventory(manifests({ nameOverride: 'runner' }))).toContain('CronJob/akko-runner');
  });

  test('by itself, as README.md shows it: a release of its own, with the names and targets of the platform', () => {
    const [, release = ''] = /helm install (\S+) charts\/akko-charter-runner/.exec(readme()) ?? [];
    const [, text = ''] = /```yaml\n# my-values.yaml\n(.*?)```/s.exec(readme()) ?? [];
    const found = manifests(parse(text), release);
    // In the namespace of the platform Helm takes its name for the platform's release.
    expect(release).not.toBe('akko');
    expect(inventory(found)).toContain(`CronJob/${name}`);
    const { targets } = parse(charterOf(manifests()));
    expect(parse(charterOf(found))).toMatchObject({ targets });
  });

  test('names of digits only are texts in the manifests', () => {
    const { status, text, messages } = runHelm(['template', '123', chartFolder, '--namespace', '2026'], {
      ...{ fullnameOverride: '124', personaSecret: { name: '1e5' }, extraSuites: { configMap: '125' } },
      ...{ store: { secret: '126' }, cockpit: { enabled: true, secret: '127' }, network: { enabled: true } },
      ...{
        database: { podLabels: { app: '128' }, namespace: '129' },
        image: { repository: '130', tag: '59' },
      },
      results: { type: 'persistentVolumeClaim', existingClaim: '131' },
      inClusterTargets: { trino: 'http://trino.132.svc:8080' },
      networkPolicy: { dns: { namespace: '133' } },
    });
    expect({ status, messages }).toEqual({ status: 0, messages: '' });
    const given = new Set([...range(123, 134), 2026, 1e5]);
    expect(numbersOf(parsed(text)).filter((one) => given.has(one))).toEqual([]);
    for (const one of given) expect(text).toContain(one === 1e5 ? '1e5' : String(one));
    // To the YAML 1.1 of Helm this would be a number to the base of 60.
    expect(text).toContain('image: "130:59"');
  });

  test('in an umbrella it comes when it is asked for', () => {
    using umbrella = umbrellaChart();
    const rendered = (values: object) =>
      runHelm(['template', 'akko', umbrella.path, '--namespace', 'akko'], {
        global: { domain: 'example.com' },
        'akko-charter-runner': values,
      });
    expect(rendered({}).text.trim()).toBe('');
    const asked = rendered({ enabled: true, lock: { mode: 'none' } });
    expect(asked).toMatchObject({ status: 0, messages: '' });
    expect(inventory(parsed(asked.text))).toEqual(inventory(manifests({ lock: 'none' })));
    // Helm remarks that a text stands where the default has a mapping, and takes the text.
    expect(rendered({ enabled: true, lock: 'none' }).text).toBe(asked.text);
  });

  describe.each(valueSetNames)('%s', (set) => {
    test('every object and Pod has the labels of the chart, whatever the values say', () => {
      const own = {
        'app.kubernetes.io/name': 'akko-charter-runner',
        'app.kubernetes.io/instance': 'akko',
        'app.kubernetes.io/version': '0.1.0',
        'app.kubernetes.io/managed-by': 'Helm',
        'helm.sh/chart': 'akko-charter-runner-0.1.0',
      };
      for (const manifest of manifests(valueSets[set])) {
        expect(manifest.metadata).toMatchObject({ namespace: 'akko', labels: own });
        if (manifest.kind !== 'CronJob') continue;
        expect(at(manifest, 'spec.jobTemplate.metadata.labels')).toMatchObject(own);
        expect(at(jobOf(manifest), 'template.metadata.labels')).toMatchObject(own);
      }
    });

    test('no message of helm', () => {
      expect(render(valueSets[set])).toMatchObject({ status: 0, messages: '' });
    });
  });

  test('labels and annotations of the user stand beside those of the chart', () => {
    const cronJob = only(manifests(valueSets['placed Pods']), 'CronJob');
    expect(cronJob.metadata).toMatchObject({
      labels: { owner: 'data' },
      annotations: { email: 'data@example.com' },
    });
    expect(at(jobOf(cronJob), 'template.metadata')).toMatchObject({
      labels: { team: 'data', owner: 'data', 'app.kubernetes.io/component': 'runner' },
      annotations: { 'example.com/a': 'pod', email: 'data@example.com' },
    });
  });
});
