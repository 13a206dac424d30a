// What the runner's Pod may do, seen from inside and from outside.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { at, type Manifest, parsed } from '../../chart/helm.ts';
import { withPidOf } from '../inside.ts';
import { textOf } from '../kube.ts';
import type { ReportedCase } from '../results.ts';
import { type World, world } from '../world.ts';

let w: World;
beforeAll(async () => {
  w = await world();
});
afterAll(async () => w.chart.install());

interface PodSpec {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly automountServiceAccountToken?: boolean;
    readonly volumes: readonly {
      readonly projected?: object;
      readonly secret?: object;
      readonly name: string;
    }[];
  };
}

/** Status of the container's first process and the options its root is mounted with, read on its node. */
async function insideOf(pod: string): Promise<{ status: string; root: string }> {
  const script = `cat /proc/$pid/status; echo ---; awk '$5 == "/"' /proc/$pid/mountinfo`;
  const [status = '', root = ''] = (await withPidOf(w.worker, pod, script)).split('---\n');
  return { status, root };
}

test('the Pod is no root, holds no capability, cannot write its root, and was admitted under restricted', async () => {
  await w.chart.install({ lock: 'none' });
  const job = await w.runs.start('power');
  const pod = await w.runs.running(job);
  const { status, root } = await insideOf(pod.metadata.name);
  expect(status).toMatch(/^Uid:\s+65532\s/m);
  expect(status).toMatch(/^CapEff:\s+0{16}$/m);
  expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
  expect(status).toMatch(/^Seccomp:\s+2$/m);
  expect(root).toMatch(/ ro[, ]/);
  const { spec } = await w.kube.json<PodSpec>('get', 'pod', pod.metadata.name);
  expect(spec.automountServiceAccountToken).toBe(false);
  expect(spec.volumes.filter(({ projected }) => projected !== undefined)).toEqual([]);
  const ended = await w.runs.ended(job);
  const { cases } = await w.results.reportOf(ended.pods[0]?.name ?? '');
  expect(verdictsOf(cases, '14.1', '14.3')).toEqual(['14.1 passed', '14.3 passed']);
});

/** `id verdict` of these cases; one that came in several parts stands there several times. */
const verdictsOf = (cases: readonly ReportedCase[], ...ids: readonly string[]) =>
  cases
    .map(({ name, verdict }) => `${name.split(' ')[0]} ${verdict}`)
    .filter((line) => ids.includes(line.split(' ')[0] ?? ''))
    .toSorted();

/** What the API server says to the runner's ServiceAccount. */
async function may(...words: readonly string[]): Promise<string> {
  const account = `system:serviceaccount:akko:${w.runs.cronJob}`;
  return (await w.kube.attempt('auth', 'can-i', ...words, '--as', account)).stdout.trim();
}

const answers = async (questions: readonly (readonly string[])[]) =>
  Promise.all(questions.map(async (words) => `${words.join(' ')}: ${await may(...words)}`));

test('the ServiceAccount may read and update its Lease and nothing else', async () => {
  await w.chart.install();
  const leases = 'leases.coordination.k8s.io';
  const own = `${leases}/${w.runs.cronJob}`;
  const granted = [
    ['get', own],
    ['update', own],
  ];
  const refused = [
    ...['patch', 'delete', 'watch'].map((verb) => [verb, own]),
    ...['get', 'update'].map((verb) => [verb, `${leases}/another`]),
    ...['create', 'list', 'deletecollection'].map((verb) => [verb, leases]),
    ['get', 'secrets'],
    ['get', 'secrets/akko-test-passwords'],
    ['create', 'pods'],
    ['create', 'pods', '--subresource=exec'],
    ['get', 'pods'],
    ['list', 'nodes'],
  ];
  expect(await answers(granted)).toEqual(granted.map((words) => `${words.join(' ')}: yes`));
  expect(await answers(refused)).toEqual(refused.map((words) => `${words.join(' ')}: no`));
});

test('with the Secret read through the API nothing is mounted, that one may be read and no other, and the run is green', async () => {
  await w.chart.install({ suites: ['C-10', 'C-14'], personaSecret: { via: 'api' } });
  const job = await w.runs.run('via-api');
  expect(job.pods.map(({ exitCode }) => exitCode)).toEqual([0]);
  const { spec } = await w.kube.json<PodSpec>('get', 'pod', job.pods[0]?.name ?? '');
  expect(spec.volumes.filter(({ secret }) => secret !== undefined)).toEqual([]);
  const { cases } = await w.results.reportOf(job.pods[0]?.name ?? '');
  expect(verdictsOf(cases, '14.4')).toEqual(['14.4 passed']);
  const questions = ['get secrets/akko-test-passwords', 'get secrets/platform-secrets', 'list secrets'];
  expect(await answers(questions.map((words) => words.split(' ')))).toEqual([
    ...['get secrets/akko-test-passwords: yes', 'get secrets/platform-secrets: no', 'list secrets: no'],
  ]);
});

const renderings = [
  { release: 'akko', values: {} },
  { release: 'akko', values: { personaSecret: { via: 'api' } } },
  { release: 'trial-shards', values: { shards: 3, results: { accessModes: ['ReadWriteMany'] } } },
  {
    release: 'trial-cockpit',
    values: {
      ...{
        lock: 'postgres',
        store: { secret: 'charter-store' },
        database: { podLabels: { app: 'postgres' } },
      },
      cockpit: { enabled: true, secret: 'charter-store' },
    },
  },
  {
    release: 'trial-extra',
    values: {
      lock: 'none',
      results: { type: 'emptyDir' },
      extraSuites: { image: { reference: 'campaigns:1' } },
    },
  },
];

/** Each Pod that an object of the chart would make, as a Pod. */
const podsOf = (manifests: readonly Manifest[]) =>
  manifests
    .map(({ kind, metadata, spec }) => ({
      name: `${kind}-${metadata.name}`.toLowerCase(),
      spec: at(spec, kind === 'CronJob' ? 'jobTemplate.spec.template.spec' : 'template.spec'),
    }))
    .filter((pod) => pod.spec !== undefined)
    .map(({ name, spec }) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec }));

let texts: Promise<readonly string[]> | undefined;
function rendered(): Promise<readonly string[]> {
  texts ??= Promise.all(renderings.map(({ release, values }) => w.chart.rendered(values, release)));
  return texts;
}

test('the API server takes every object of the chart in a server-side dry run, and none with a fault', async () => {
  expect(await w.kube.refusal((await rendered()).join('\n---\n'))).toBe('');
  // helm reads no schedule: what is wrong with it is seen where objects are admitted.
  const broken = (await rendered())[0]?.replace(/schedule: .*/, "schedule: '61 4 * * *'") ?? '';
  expect(await w.kube.refusal(broken)).toMatch(/CronJob.* is invalid: spec\.schedule/s);
});

test('every Pod of the chart is admitted under restricted, and one with more power is not', async () => {
  const pods = (await rendered()).flatMap((text) => podsOf(parsed(text)));
  expect(pods.length).toBeGreaterThan(renderings.length);
  const seen = pods.map(({ metadata: { name }, spec, ...pod }, index) => ({
    ...pod,
    metadata: { name: `${name}-${index}` },
    // Accounts of releases that are only rendered are not there.
    spec: { ...(spec as object), serviceAccountName: 'default' },
  }));
  expect(await w.kube.refusal(textOf(seen))).toBe('');
  const [one] = seen;
  const root = { ...one, spec: { ...one?.spec, securityContext: { runAsUser: 0 } } };
  expect(await w.kube.refusal(textOf([root]))).toMatch(/violates PodSecurity "restricted/);
});
