// Probers as processes of this machine, one per loopback address, for tests without a cluster.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Fault } from './faults.ts';
import { type Plan, type PlannedPort, type ProbeRecord, portText, recordOf } from './wire.ts';

export interface LocalProber {
  readonly id: string;
  readonly uid: string;
  readonly address: string;
  readonly process: ChildProcess;
}

export interface LocalOptions {
  readonly ids: readonly string[];
  readonly ports: readonly PlannedPort[];
  readonly faults?: Readonly<Record<string, Fault>>;
  readonly onRecord: (record: ProbeRecord) => void;
}

export interface LocalProbers {
  readonly pods: readonly LocalProber[];
  /** With the addresses as they are, unless told otherwise. */
  readonly plan: (generation: number, change?: (plan: Plan) => Plan) => void;
  readonly stop: () => Promise<void>;
}

export function startLocally({ ids, ports, faults = {}, onRecord }: LocalOptions): LocalProbers {
  const folder = mkdtempSync(join(tmpdir(), 'charter-probe-'));
  const file = join(folder, 'plan');
  // 127.0.0.0/8 is loopback as a whole on Linux; a random part keeps two tests at once apart.
  const net = `127.${64 + Math.floor(Math.random() * 128)}.${Math.floor(Math.random() * 250)}`;
  const pods = ids.map((id, index): LocalProber => {
    const address = `${net}.${index + 1}`;
    const uid = `uid-${index}`;
    const env = {
      PATH: process.env.PATH,
      CHARTER_PROBE_ID: id,
      CHARTER_PROBE_UID: uid,
      CHARTER_PROBE_ADDRESS: address,
      CHARTER_PROBE_PORTS: ports.map(portText).join(','),
      CHARTER_PROBE_PLAN: file,
      CHARTER_PROBE_HOST: address,
      CHARTER_PROBE_LOOPBACK: address,
      CHARTER_PROBE_FAULTS: faults[id],
    };
    const main = join(import.meta.dirname, 'main.ts');
    const child = spawn(process.execPath, ['--no-warnings', main], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      const record = recordOf(line);
      if (record !== undefined) onRecord(record);
    });
    return { id, uid, address, process: child };
  });
  return {
    pods,
    plan: (generation, change = (plan) => plan) => {
      const peers = pods.map(({ id, uid, address }) => ({ id, uid, address, ports }));
      const plan = change({ generation, cycleMs: 200, timeoutMs: 1_000, peers, outside: [] });
      writeFileSync(`${file}.next`, JSON.stringify(plan));
      renameSync(`${file}.next`, file);
    },
    stop: async () => {
      await Promise.all(
        pods.map(async ({ process: child }) => {
          if (child.exitCode !== null || child.signalCode !== null) return;
          const gone = new Promise((resolve) => child.once('exit', resolve));
          child.kill('SIGKILL');
          await gone;
        }),
      );
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
