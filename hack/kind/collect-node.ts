// What a node tells of itself, also where no API server of its cluster ever answered.
import type { Ask } from './collect-ask.ts';
import type { Keep } from './collect-keep.ts';

const newest = '2000';
const units = ['--unit', 'kubelet', '--unit', 'containerd'];

/** `node`: its container. One that is stopped has a log, but nobody who reads its journal. */
export async function collectNode(node: string, keep: Keep, ask: Ask): Promise<void> {
  await Promise.all(
    Object.entries({
      log: ['logs', '--timestamps', '--tail', newest, node],
      // Not only of the engine's own log: a stale entry is seen nowhere else, and gone once the engine starts anew.
      rules: ['exec', node, 'sh', '-c', 'iptables-save --counters; ipset list'],
      services: ['exec', node, 'journalctl', ...units, '--no-pager', '--lines', newest],
    }).map(async ([of, words]) => keep(`node-${node}-${of}.txt`, await ask('docker', ...words))),
  );
}
