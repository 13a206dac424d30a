// Four runs write to one Postgres while runs are killed, the server is restarted or dies, connections are cut, held or swallowed, clocks
// jump and a journal's disk fills. Then a checker reads what the processes said, journals and SQL: no case lost or double, nothing green
// that was not, every dead run named, every other one ended as its cases ask for. And all of it must have met a run at least once.
// 20 schedules; CHARTER_SOAK=full makes 200. A failing one is repeated by its number: CHARTER_NEMESIS=17.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, type TestContext, test, vi } from 'vitest';
import { type CharterProcess, startCharter } from '../../fixtures/testing/index.ts';
import { killGroup, seeded } from '../../fixtures/testing/killing.ts';
import { openStore, type Store } from './open.ts';
import { expectTruth, type NemesisRun } from './testing/check-runs.ts';
import { storedRuns } from './testing/check-stored.ts';
import { onPostgres } from './testing/each-store.ts';
import { startProxy, type WireProxy } from './testing/proxy.ts';

const campaigns = resolve(import.meta.dirname, '../../fixtures/campaigns');
const clock = resolve(import.meta.dirname, 'testing/clock-jump.mjs');
const only = process.env.CHARTER_NEMESIS;
const count = process.env.CHARTER_SOAK === 'full' ? 200 : 20;
const schedules = only === undefined ? Array.from({ length: count }, (_, i) => i + 1) : [Number(only)];
const canMount = process.getuid?.() === 0;
/** Schedules of which any that are missing would show in what happened. */
const enough = 20;
vi.setConfig({ testTimeout: 300_000 });

onPostgres((server) => {
  let home = '';
  let proxy: WireProxy;

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), `charter-nemesis-${process.pid}-`));
    const first = await openStore(server().place(), { schema: 'migrate' });
    await sql`create role nightly login in role charter_runner`.execute(first.db);
    await first.close();
    proxy = await startProxy(server().port);
    writeFileSync(join(home, 'url'), `postgres://nightly@127.0.0.1:${proxy.port}/charter\n`);
  });
  afterAll(() => {
    proxy?.close();
    rmSync(home, { recursive: true, force: true });
  });

  function start(
    name: string,
    random: () => number,
    disk: 'full' | 'fine',
  ): NemesisRun & { charter: CharterProcess } {
    const suite = ['steady', 'known-verdicts', 'green'][Math.floor(random() * 3)] ?? 'steady';
    const out = join(home, name);
    mkdirSync(out);
    if (disk === 'full')
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${20 + Math.floor(random() * 20)}k`, 'tmpfs', out]);
    const config = join(home, `${name}.yaml`);
    const fixture = readFileSync(join(campaigns, 'charter.yaml'), 'utf8');
    writeFileSync(
      config,
      `${fixture}store: { mode: postgres, connectionFile: url, beatMs: 200, finishMs: 4000 }\n`,
    );
    const args = ['run', '--config', config, '--suites', join(campaigns, suite), '--out', out];
    const jumpsAfter = Math.floor(random() * 4_000);
    const jump = `${jumpsAfter}:${Math.floor(random() * 600_000)}`;
    const clocks = random() < 0.4 ? { NODE_OPTIONS: `--import=${clock}`, NEMESIS_CLOCK: jump } : {};
    // What a killed run leaves in its folder for temporary files goes with ours.
    const charter = startCharter(args, { env: { CHARTER_EMBEDDED: 'true', TMPDIR: home, ...clocks } });
    const startedAt = performance.now();
    const ended = charter.ended.then((end) => {
      const hasJumped = clocks.NEMESIS_CLOCK !== undefined && performance.now() - startedAt > jumpsAfter;
      if (hasJumped) met['a clock that jumps'] += 1;
      return end;
    });
    return { charter, out, disk, killed: false, ended };
  }

  /** As the owner. */
  async function withStore<T>(act: (store: Store) => Promise<T>): Promise<T> {
    const store = await openStore(server().place(), { schema: 'expect' });
    try {
      return await act(store);
    } finally {
      await store.close();
    }
  }

  /** How many runs or connections each kind of deed has met. */
  const met = {
    'a kill': 0,
    'a server that is down': 0,
    'connections cut': 0,
    'connections held': 0,
    'connections swallowed': 0,
    'a clock that jumps': 0,
    'a full disk': 0,
  };
  /** Of the runs that nobody killed. */
  const stored = { ended: 0, byItself: 0 };
  let ran = 0;

  test.each(schedules)('schedule %i', async (number) => {
    const random = seeded(number);
    const pause = () => sleep(200 + random() * 1_500);
    const fullDisk = canMount && random() < 0.5 ? Math.floor(random() * 4) : -1;
    const earlier = await withStore(storedRuns);
    const runs = [0, 1, 2, 3].map((i) => start(`${number}-${i}`, random, i === fullDisk ? 'full' : 'fine'));
    try {
      const deeds: (() => Promise<void>)[] = [
        async () => {
          const victim = runs[Math.floor(random() * 4)];
          if (victim === undefined || killGroup(victim.charter.child) !== 'killed') return;
          victim.killed = true;
          if ((await victim.ended).code === null) met['a kill'] += 1;
        },
        async () => {
          await server().halt(random() < 0.5 ? 'fast' : 'immediate');
          await pause();
          met['a server that is down'] += runs.filter(({ charter }) => isRunning(charter)).length;
          await server().resume();
        },
        async () => {
          met['connections cut'] += proxy.cut();
        },
        async () => {
          met['connections held'] += proxy.hold();
          await pause();
          proxy.release();
        },
        async () => {
          met['connections swallowed'] += proxy.swallow();
        },
      ];
      for (let i = 0; i < 6; i++) {
        await pause();
        await deeds[Math.floor(random() * deeds.length)]?.();
      }
      const ends = await Promise.all(runs.map(({ ended }) => ended));
      if (ends[fullDisk]?.code === 5) met['a full disk'] += 1;
      const { ended, byItself } = await withStore((store) => expectTruth(store, runs, earlier));
      stored.ended += ended;
      stored.byItself += byItself;
      ran += 1;
    } finally {
      for (const { charter } of runs) killGroup(charter.child);
      if (fullDisk >= 0) execFileSync('umount', ['-l', join(home, `${number}-${fullDisk}`)]);
    }
  });

  test('most runs that nobody killed stored themselves: the database was away for moments only', () => {
    expect(stored.byItself, JSON.stringify(stored)).toBeGreaterThan(stored.ended / 2);
  });

  const expectMet = (context: TestContext, kinds: readonly (keyof typeof met)[]) => {
    if (ran < enough) context.skip(`takes ${enough} schedules; in ${ran}: ${JSON.stringify(met)}`);
    for (const kind of kinds) expect(met[kind], `${kind}: ${JSON.stringify(met)}`).toBeGreaterThan(0);
  };

  test('every kind of deed met somebody', (context) => {
    const { 'a full disk': _, ...others } = met;
    expectMet(context, Object.keys(others) as (keyof typeof met)[]);
  });

  test('disks filled up', (context) => {
    if (!canMount) context.skip('no disk was full: mounting a small tmpfs needs root');
    expectMet(context, ['a full disk']);
  });
});

const isRunning = ({ child }: CharterProcess): boolean =>
  child.exitCode === null && child.signalCode === null;
