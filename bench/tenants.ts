// The operator of Tenants beside a plain loop of helm, and what it costs when nothing changes. Needs the scene of hack/tenants.
// A smaller one: TENANTS=10 IDLE_MINUTES=2 make bench ARGS=tenants
import { setTimeout as after } from 'node:timers/promises';
import { bringUp, type Scene } from '../hack/tenants/scene.ts';
import { thenClean } from '../hack/tenants/then-clean.ts';
import { sceneVariable, world } from '../hack/tenants/world.ts';
import { allGone, allReady } from '../suites/tenants/many.ts';
import { type Status, Tenant, tenantsNamespace } from '../suites/tenants/tenant.ts';
import { within } from '../suites/tenants/wait.ts';
import { clusterNames, type World } from '../suites/tenants/world.ts';
import { inSeconds, ratio, seconds, table, type Verdict, verdict } from './measure.ts';
import { namespacesGone, plainHelm } from './plain-helm.ts';
import { idleRows, look } from './tenants-idle.ts';
import { inMiB, memoryOf, type Peak, peakDuring } from './tenants-memory.ts';
import { counted, undisturbed } from './tenants-operator.ts';

const count = Number(process.env.TENANTS ?? 100);
const atOnce = 10;
const idleMinutes = Number(process.env.IDLE_MINUTES ?? 10);
/** Of the time that a plain loop of helm takes. */
const promisedShare = 0.5;

const some = (n: number, on: (typeof clusterNames)[number], name: string) =>
  Array.from({ length: n }, (_, i) => ({ name: `${name}-${i}`, on, workspace: `${name}-ws-${i}` }));

/** Sets the exit code of the process where an aim is missed. */
export async function benchTenants(): Promise<void> {
  const scene = await bringUp();
  process.env[sceneVariable] = JSON.stringify(scene);
  const given = await world();
  const verdicts = [await besidePlainHelm(given, scene), ...(await manyOnThree(given))];
  if (verdicts.includes('MISSED')) process.exitCode = 1;
}

/** The same 100 releases of the small chart on one remote: by the operator, by `helm upgrade --install` one after the other, and 10 at once. */
async function besidePlainHelm(given: World, scene: Scene): Promise<Verdict> {
  const cluster = given.clusters['remote-a'];
  const tenants = some(count, 'remote-a', 'bench').map((wish) => new Tenant(given, wish));
  const before = await counted(given.operator);
  const { operator, memory, calls } = await thenClean(
    async () => {
      const { result, ...peak } = await rollout(given, tenants, 600);
      const calls = (await counted(given.operator)).helmCalls - before.helmCalls;
      return { operator: result, memory: inWords(peak), calls };
    },
    () => removed(given, tenants),
  );
  const by = { kubeconfig: scene.kubeconfigs['remote-a'] ?? '', cluster, count };
  const loop = await plainHelm({ ...by, atOnce: 1 });
  const parallel = await plainHelm({ ...by, atOnce });
  const judged = verdict(operator / loop <= promisedShare);
  table(
    `${count} releases of a small chart on one cluster; the chart asks for no Pod, so nobody waits for one`,
    ['by', 'until Ready', 'ratio', `at most ${promisedShare}x`, 'Helm calls per release', 'memory, at most'],
    [
      [
        `operator, ${atOnce} at once`,
        inSeconds(operator),
        ratio(operator, loop),
        judged,
        (calls / count).toFixed(1),
        memory,
      ],
      ['a plain loop of helm', inSeconds(loop), '1.00x', '', '1.0', ''],
      [`helm, ${atOnce} at once`, inSeconds(parallel), ratio(parallel, loop), '', '1.0', ''],
    ],
  );
  return judged;
}

/** 100 Tenants on each of three clusters, then ten minutes in which nothing changes. */
async function manyOnThree(given: World): Promise<readonly Verdict[]> {
  const tenants = clusterNames
    .flatMap((on) => some(count, on, `many-${on}`))
    .map((wish) => new Tenant(given, wish));
  let gone = 0;
  const { ready, rows } = await thenClean(
    async () => ({ ready: await rollout(given, tenants, 1_200), rows: await idle(given, tenants) }),
    async () => {
      gone = await seconds(() => removed(given, tenants));
    },
  );
  table(
    `${count} Tenants of that chart on each of ${clusterNames.length} clusters`,
    ['Ready after', 'memory, at most', 'gone after'],
    [[`${ready.result.toFixed(0)} s`, inWords(ready), `${gone.toFixed(0)} s`]],
  );
  table(
    `${idleMinutes} idle minutes with them`,
    ['what', 'how many', 'aim', ''],
    rows.map((row) => [row.what, String(row.howMany), row.aim, row.verdict]),
  );
  return rows.map((row) => row.verdict);
}

/** Seconds until all are Ready, and the operator's memory meanwhile. */
function rollout(given: World, tenants: readonly Tenant[], limit: number): Promise<Peak<number>> {
  const ready = () =>
    seconds(async () => {
      await Promise.all(tenants.map((tenant) => tenant.apply()));
      await allReady(given, tenants, limit);
    });
  return undisturbed(given.operator, `the rollout of ${tenants.length} Tenants`, () =>
    peakDuring(() => memoryOf(given.operator), ready),
  );
}

async function idle(given: World, tenants: readonly Tenant[]) {
  await allAtRest(given, tenants);
  return undisturbed(given.operator, 'the idle minutes', async () => {
    const before = await look(given);
    await after(idleMinutes * 60_000);
    return idleRows(before, await look(given));
  });
}

/** The first look after a rollout says once that nothing has changed; and events are on their way for some seconds. */
async function allAtRest(given: World, tenants: readonly Tenant[]): Promise<void> {
  const names = new Set(tenants.map(({ name }) => name));
  await within(600, `${tenants.length} Tenants say NoChange`, async () => {
    const stored = await given.clusters.home.list('Tenant', { namespace: tenantsNamespace });
    const resting = stored.filter(({ metadata, status }) => {
      const { conditions = [] } = (status ?? {}) as Status;
      return names.has(metadata.name) && conditions.some(({ reason }) => reason === 'NoChange');
    });
    return resting.length === tenants.length ? {} : `${resting.length} do`;
  });
  await after(30_000);
}

async function removed(given: World, tenants: readonly Tenant[]): Promise<void> {
  await Promise.all(tenants.map((tenant) => tenant.delete()));
  await allGone(given, tenants, 600);
  for (const name of clusterNames) {
    const workspaces = tenants.filter(({ on }) => on === name).map(({ workspace }) => workspace);
    await namespacesGone(given.clusters[name], workspaces);
  }
}

const inWords = ({ peak, looks }: Pick<Peak<unknown>, 'peak' | 'looks'>): string =>
  `${inMiB(peak)} of ${looks} looks`;
