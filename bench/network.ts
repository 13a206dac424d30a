// Steps of the network catalogue judged by the world of probers, beside the same matrix taken by exec of a client in the same Pods.

import { kubectl } from '../hack/kind/binaries.ts';
import { attempt } from '../hack/kind/command.ts';
import { networkScene } from '../hack/network/scene.ts';
import { openWorld, outsideTargets, quantile, type World } from '../runner/network/index.ts';
import { catalogue } from '../suites/network/catalogue/index.ts';
import { wish } from '../suites/network/wish.ts';
import { ratio, table } from './measure.ts';

/** A deny in each direction, a peer, a port by name, and an open step: what a catalogue is made of. */
const measured = ['deny.1', 'deny.2', 'peers-ingress.8', 'ports-ingress.11', 'deny.7'];
/** As many execs at once as cyclonus has workers by default. */
const workers = 15;
/** Steps of those that the exec side repeats: denies of either direction, whose clients wait in vain on engines that drop. */
const repeated = ['deny.1', 'deny.2'];

export async function benchNetwork(): Promise<void> {
  if ((await attempt(['docker', 'info'])).code !== 0) {
    process.stdout.write('\nnetwork: not measured, no Docker engine answers (make engine)\n');
    return;
  }
  const { kubeconfig, image } = await networkScene();
  const cluster = { kubeconfig };
  const { targets, apiServer } = await outsideTargets(cluster);
  const world = await openWorld({ ...wish, cluster, image, imagePullPolicy: 'Never', outside: targets });
  try {
    await measure(world, kubeconfig, apiServer);
  } finally {
    await world.close();
  }
}

async function measure(
  world: World,
  kubeconfig: string,
  apiServer: { readonly address: string; readonly port: number },
): Promise<void> {
  const rows: string[][] = [];
  const took = new Map<string, number>();
  let probes = 0;
  const scene = { ...world.names, apiServer };
  for (const step of catalogue.filter(({ id }) => measured.includes(id))) {
    const result = await world.step({ name: step.id, ...step.state(scene) });
    const seconds = result.durationMs / 1_000;
    took.set(step.id, seconds);
    probes = result.cells.length;
    rows.push([step.id, result.verdict, inSeconds(seconds), `${Math.round((2 * probes) / seconds)}`, '']);
  }
  rows.push(['median of all', '', inSeconds(quantile([...took.values()], 0.5)), '', '']);
  let byExec = 0;
  for (const step of catalogue.filter(({ id }) => repeated.includes(id))) {
    // Its policies have to stay while execs ask.
    await world.step({ name: step.id, purpose: 'ground', ...step.state(scene) });
    const { asked, open, seconds } = await execMatrix(world, kubeconfig);
    byExec += seconds;
    const ended = `${open} of ${asked} open`;
    rows.push([`${step.id} by exec`, ended, inSeconds(seconds), `${Math.round(asked / seconds)}`, '']);
  }
  const byWorld = repeated.reduce((sum, id) => sum + (took.get(id) ?? 0), 0);
  const both = repeated.join(' and ');
  rows.push([both, '', inSeconds(byWorld), '', ratio(byWorld, byExec)]);
  rows.push([`${both} by exec`, '', inSeconds(byExec), '', '1.00x']);
  table(
    `network: ${probes} probes a step, each confirmed by a second cycle; by exec each once, ${workers} at a time`,
    ['step', 'verdict', 'time', 'probes/s', 'ratio'],
    rows,
  );
}

const inSeconds = (seconds: number) => `${seconds.toFixed(1)} s`;

interface ExecEnd {
  readonly asked: number;
  readonly open: number;
  readonly seconds: number;
}

/** One client process per cell, as tools do that have no prober: connects, waits a second, exits. */
async function execMatrix(world: World, kubeconfig: string): Promise<ExecEnd> {
  const ids = ['x', 'y', 'z'].flatMap((ns) => ['a', 'b', 'c'].map((pod) => `${ns}/${pod}`));
  const cells = ids.flatMap((from) =>
    ids.flatMap((to) => wish.ports.map(({ port, protocol }) => ({ from, to, port, protocol }))),
  );
  const binary = await kubectl();
  const waiting = [...cells];
  let open = 0;
  const start = performance.now();
  const worker = async () => {
    for (let cell = waiting.shift(); cell !== undefined; cell = waiting.shift()) {
      const [ns = '', pod = ''] = cell.from.split('/');
      const where = ['--kubeconfig', kubeconfig, '--namespace', world.names.namespace(ns)];
      const client = clientOf(world.names.address(cell.to), cell.port, cell.protocol);
      const ended = await attempt(
        [binary, ...where, 'exec', pod, '--', '/usr/local/bin/node', '-e', client],
        { timeoutMs: 30_000 },
      );
      if (ended.code === 0) open++;
    }
  };
  await Promise.all(Array.from({ length: workers }, worker));
  return { asked: cells.length, open, seconds: (performance.now() - start) / 1_000 };
}

function clientOf(address: string, port: number, protocol: 'TCP' | 'UDP'): string {
  const gaveUp = 'setTimeout(() => process.exit(1), 1000);';
  return protocol === 'TCP'
    ? `${gaveUp} require('node:net').connect(${port}, '${address}').on('connect', () => process.exit(0)).on('error', () => process.exit(1))`
    : `${gaveUp} const s = require('node:dgram').createSocket('udp4'); s.on('message', () => process.exit(0)).on('error', () => process.exit(1)); s.send('charter-ask self:bench b 0 0 ${port}/UDP n\\n', ${port}, '${address}')`;
}
