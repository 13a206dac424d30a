// What the runner's Pod can reach: its targets and the DNS, and nothing else. A policy that forgets one is error, never a verdict.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from '../../kind/command.ts';
import { controlPlaneOf } from '../../kind/declaration.ts';
import { fullname, runnerImage } from '../chart.ts';
import { eventually } from '../eventually.ts';
import { dns, targets } from '../platform.ts';
import type { Pod } from '../runs.ts';
import { type World, world } from '../world.ts';

let w: World;
let apiServer: string;
beforeAll(async () => {
  w = await world();
  const format = '{{(index .NetworkSettings.Networks "charter-kind").IPAddress}}';
  apiServer = await run(['docker', 'inspect', '--format', format, controlPlaneOf('home')]);
});
afterAll(async () => w.chart.install());

type Seen = 'nonce' | 'talks' | 'silent';

/** Connects from a Pod with these labels, says hello as HTTP, and tells what was heard within 3 s. */
async function probe(
  name: string,
  labels: Readonly<Record<string, string>>,
  goals: readonly string[],
): Promise<readonly Seen[]> {
  const program = `
    const { connect } = require('node:net');
    const ask = (goal) => new Promise((resolve) => {
      const [host, port] = goal.split(':');
      let heard = '';
      const socket = connect({ host, port: Number(port) });
      const end = () => { socket.destroy(); resolve(heard.includes('outside-4711') ? 'nonce' : heard === '' ? 'silent' : 'talks'); };
      setTimeout(end, 3000);
      socket.on('connect', () => socket.write('GET / HTTP/1.0\\r\\n\\r\\n'));
      socket.on('data', (chunk) => { heard += chunk.toString('latin1'); });
      socket.on('error', end).on('end', end);
    });
    setTimeout(() => Promise.all(${JSON.stringify(goals)}.map(ask)).then((seen) => console.log(JSON.stringify(seen))), 3000);`;
  const hardened = {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  };
  await w.kube.apply([
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, labels } as { name: string },
      spec: {
        restartPolicy: 'Never',
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: 'RuntimeDefault' } },
        containers: [
          {
            name: 'probe',
            image: `${runnerImage.repository}:${runnerImage.tag}`,
            imagePullPolicy: 'Never',
            command: ['/usr/local/bin/node', '-e', program],
            securityContext: hardened,
          },
        ],
      },
    },
  ]);
  try {
    await eventually(`${name} ends`, { within: 60 }, async () => {
      const { status } = await w.kube.json<Pod>('get', 'pod', name);
      return status.phase === 'Succeeded' ? {} : status.phase;
    });
    return JSON.parse(await w.kube.text('logs', name)) as readonly Seen[];
  } finally {
    await w.kube.remove('pod', name, '--grace-period=0', '--force');
  }
}

const asRunner = { 'app.kubernetes.io/name': 'akko-charter-runner', 'app.kubernetes.io/instance': 'akko' };

test('an outside host, a Pod of another namespace and the API server stay silent for the runner; its targets talk', async () => {
  await w.chart.install({ lock: 'none' });
  const { items } = await w.kube.json<{ items: readonly Pod[] }>(
    'get',
    'pods',
    '--namespace',
    'kube-system',
    '--selector',
    'k8s-app=kube-dns',
  );
  const elsewhere = `${items[0]?.status.podIP}:8080`;
  const outside = `${w.setting.outside.host}:${w.setting.outside.port}`;
  const goals = [outside, elsewhere, `${apiServer}:6443`, 'akko-akko-opa:8181', 'akko-akko-trino:8080'];
  // Where everything is open the same Pod hears all of them: silence of the runner's is its policy's work.
  await w.kube.apply([open('probe-open')]);
  try {
    const [heardByAll, heardByRunner] = await Promise.all([
      probe('probe-open', { probe: 'open' }, goals.slice(0, 3)),
      probe('probe-runner', asRunner, goals),
    ]);
    expect(heardByAll).toEqual(['nonce', 'talks', 'talks']);
    expect(heardByRunner).toEqual(['silent', 'silent', 'silent', 'talks', 'talks']);
  } finally {
    await w.kube.remove('networkpolicy', 'probe-open');
  }
});

/** Lets one kind of Pod reach everything. */
function open(name: string) {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name },
    spec: { podSelector: { matchLabels: { probe: 'open' } }, policyTypes: ['Egress'], egress: [{}] },
  };
}

async function runUnder(egress: readonly object[], purpose: string) {
  await w.chart.install({
    suites: ['C-10', 'W2'],
    retry: 0,
    networkPolicy: { enabled: false },
    lock: 'none',
  });
  const name = 'forgetful';
  await w.kube.apply([
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name },
      spec: { podSelector: { matchLabels: asRunner }, policyTypes: ['Egress'], egress },
    },
  ]);
  try {
    const job = await w.runs.run(purpose, 240);
    return { job, report: await w.results.reportOf(job.pods[0]?.name ?? '') };
  } finally {
    await w.kube.remove('networkpolicy', name);
  }
}

const toTarget = (target: keyof typeof targets) => ({
  to: [{ podSelector: { matchLabels: { 'app.kubernetes.io/name': `akko-${targets[target].flag}` } } }],
  ports: [{ port: targets[target].port }],
});

test('a policy that forgets DNS gives error for every case that needs a target', async () => {
  const everything = (Object.keys(targets) as (keyof typeof targets)[]).map(toTarget);
  const { job, report } = await runUnder(everything, 'no-dns');
  expect(job.pods.map(({ exitCode }) => exitCode)).toEqual([4]);
  expect(report.counts).toMatchObject({ pass: 0, fail: 0 });
  expect(report.counts.err).toBeGreaterThan(20);
});

test('a policy that forgets a target gives error for its cases and lets the others pass', async () => {
  const { job, report } = await runUnder([dns, toTarget('keycloak')], 'no-opa');
  expect(job.pods.map(({ exitCode }) => exitCode)).toEqual([4]);
  const ofOpa = report.cases.filter(({ name }) => name.startsWith('W2.'));
  expect(ofOpa.length).toBeGreaterThan(8);
  expect(ofOpa.filter(({ verdict }) => verdict !== 'error')).toEqual([]);
  const others = report.cases.filter((one) => !ofOpa.includes(one));
  expect(others.length).toBeGreaterThan(20);
  expect(others.filter(({ verdict }) => verdict !== 'passed')).toEqual([]);
});
// The chart's label and no other is what policies select; a renamed release would not be found by them.
test('the chart and the platform agree on the label of the runner', async () => {
  await w.chart.install();
  const { spec } = await w.kube.json<{
    spec: { jobTemplate: { spec: { template: { metadata: { labels: object } } } } };
  }>('get', 'cronjob', fullname);
  expect(spec.jobTemplate.spec.template.metadata.labels).toMatchObject(asRunner);
});
