// What the runner's Pod may do, seen from inside and from outside.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from '../../kind/command.ts';
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
    readonly volumes: readonly { readonly projected?: object; readonly name: string }[];
  };
}

/** Status of the container's first process and the options its root is mounted with, read on its node. */
async function insideOf(pod: string): Promise<{ status: string; root: string }> {
  const script = `
    id=$(crictl ps --quiet --label io.kubernetes.pod.name=${pod})
    pid=$(crictl inspect "$id" | jq .info.pid)
    cat /proc/$pid/status; echo ---; awk '$5 == "/"' /proc/$pid/mountinfo`;
  const [status = '', root = ''] = (await run(['docker', 'exec', w.worker, 'sh', '-c', script])).split(
    '---\n',
  );
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
  const posture = cases.filter(({ name }) => /^14\.[134]/.test(name));
  expect(posture.length).toBeGreaterThan(0);
  expect(posture.filter(({ verdict }) => verdict === 'failed' || verdict === 'error')).toEqual([]);
});

test('the ServiceAccount may read and update its Lease and nothing else', async () => {
  await w.chart.install();
  const account = `system:serviceaccount:akko:${w.runs.cronJob}`;
  const may = async (...words: string[]) =>
    (await w.kube.attempt('auth', 'can-i', ...words, '--as', account)).stdout.trim();
  expect(await may('update', `leases.coordination.k8s.io/${w.runs.cronJob}`)).toBe('yes');
  const refused = [
    ['create', 'leases.coordination.k8s.io'],
    ['list', 'leases.coordination.k8s.io'],
    ['get', 'secrets'],
    ['get', 'secrets/akko-test-passwords'],
    ['create', 'pods'],
    ['create', 'pods', '--subresource=exec'],
    ['get', 'pods'],
    ['list', 'nodes'],
  ];
  for (const words of refused) expect(await may(...words), words.join(' ')).toBe('no');
});

test('with the Secret read through the API nothing is mounted, and the run is green', async () => {
  await w.chart.install({ suites: ['C-10', 'C-14'], personaSecret: { via: 'api' } });
  const job = await w.runs.run('via-api');
  expect(job.pods.map(({ exitCode }) => exitCode)).toEqual([0]);
});

test('the API server accepts every object of the chart in a server-side dry run', async () => {
  await w.chart.install({}, '--dry-run=server');
});
