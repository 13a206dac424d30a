// The process in every Pod of a world: serves all ports, asks all peers all the time, and tells of both in lines of its log.
// Settings come by environment: CHARTER_PROBE_ID, _UID, _ADDRESS, _PORTS (`80/TCP,80/UDP`), _PLAN (file), _HOST and _LOOPBACK
// (addresses to listen on and to reach oneself at), _FAULTS (see faults.ts).
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { runCycle } from './cycle.ts';
import { faultsOf } from './faults.ts';
import { ownHosts, serve } from './serve.ts';
import { Sightings } from './sightings.ts';
import { Turns } from './turns.ts';
import { type Plan, type PlannedPort, type ProbeProtocol, type ProbeRecord, probesOf } from './wire.ts';

type Unstamped<R> = R extends ProbeRecord ? Omit<R, 'id' | 'uid' | 'boot' | 'mono' | 'wall'> : never;

const planPauseMs = 50;
const sightingsPauseMs = 120;
const silentAfterCycles = 10;

const setting = (name: string, otherwise: string) => process.env[`CHARTER_PROBE_${name}`] || otherwise;
const id = setting('ID', 'x/a');
const uid = setting('UID', 'none');
const boot = randomBytes(4).toString('hex');
const faults = faultsOf(process.env.CHARTER_PROBE_FAULTS);
const ports: readonly PlannedPort[] = setting('PORTS', '80/TCP')
  .split(',')
  .map((text) => {
    const [port, protocol] = text.split('/');
    return { port: Number(port), protocol: protocol as ProbeProtocol };
  });
const sightings = new Sightings();
let cycles = 0;

function write(record: Unstamped<ProbeRecord>): void {
  if (faults.has('falls-silent') && cycles > silentAfterCycles) return;
  const wall = Date.now() + (faults.has('clock-offset') ? 30_000 : 0);
  const { type, ...rest } = record;
  const line = { type, id, uid, boot, mono: Math.round(performance.now()), wall, ...rest };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function tellSightings(): void {
  if (!sightings.isEmpty) write({ type: 'saw', saw: sightings.take() });
}

let planText = '';
let current: Plan | undefined;

/** The last plan that could be read whole; the kubelet swaps the file as a whole. */
function plan(): Plan | undefined {
  try {
    const text = readFileSync(setting('PLAN', '/plan/plan'), 'utf8');
    if (text !== planText) {
      if (text.trim() !== '') current = JSON.parse(text) as Plan;
      planText = text;
    }
  } catch {
    // Not there yet, or half: the next look will tell.
  }
  return current;
}

for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, () => process.exit(0));
// The reader of the log is gone: so is the reason to go on.
process.stdout.on('error', () => process.exit(0));

const own = ownHosts(setting('ADDRESS', ''));
const failures = await serve({ id, uid, ports, host: setting('HOST', own.host), faults, sightings });
for (const line of failures) process.stderr.write(`cannot serve ${line}\n`);
write({ type: 'hello', address: setting('ADDRESS', ''), ports });
setInterval(tellSightings, sightingsPauseMs);

/** At most two cycles at a time: while one waits for answers that do not come, the next one already asks. */
const atOnce = 2;
const asker = {
  id,
  uid,
  boot,
  loopback: setting('LOOPBACK', own.loopback),
  ports,
  faults,
  turns: new Turns(id),
};
const told: Promise<void>[] = [];

/** Cycles are told in their order, whichever ends first. */
async function cycle(seq: number, now: Plan | undefined, before: Promise<void> | undefined): Promise<void> {
  const start = performance.now();
  const timeoutMs = now?.timeoutMs ?? 500;
  const result = await runCycle(asker, now === undefined ? [] : probesOf(now), { seq, timeoutMs });
  await before;
  tellSightings();
  cycles = seq;
  write({ type: 'cycle', seq, generation: now?.generation ?? 0, start: Math.round(start), ...result });
}

for (let seq = 0; ; seq++) {
  const now = plan();
  const start = performance.now();
  told.push(cycle(seq, now, told.at(-1)));
  const rest = (now?.cycleMs ?? 500) - (performance.now() - start);
  await sleep(Math.max(rest, planPauseMs));
  if (told.length >= atOnce) await told.shift();
}
