// Kills the operator in the middle of what it does to several Tenants, and writes down where the kill has met each: one that came after the end
// proves nothing.
import { setTimeout as after } from 'node:timers/promises';
import { expect } from 'charter-runner';
import { type Point, seedOfRun } from './kill-points.ts';
import { atWork } from './revision.ts';
import type { Stage } from './stage.ts';
import type { Tenant } from './tenant.ts';
import { within } from './wait.ts';

/** What the kill left of a Tenant. */
interface Met extends Point {
  /** Between its write and the kill. */
  readonly sinceMs: number;
  readonly revisions: string;
  /** What its status said of Helm. */
  readonly progress: string;
  readonly helm: 'at work' | 'not at work';
}

/** How long it takes, about, until Helm begins. */
const beginsMs = 1_500;

interface Kills {
  /** Number of the case: properties are those of the run. */
  readonly of: string;
  /** The points of each. */
  readonly kills: readonly (readonly Point[])[];
  /** Kills that have to meet Helm at work on a Tenant. */
  readonly atWorkAtLeast: number;
  readonly property: (name: string, value: string) => void;
}

export async function killedInTurn(
  stage: Stage,
  { of, kills, atWorkAtLeast, property }: Kills,
): Promise<void> {
  stage.afterwards(() => stage.operator.start());
  property(`kill-seed-${of}`, seedOfRun);
  const met: Met[][] = [];
  for (const points of kills) {
    await killedAt(stage, points, (seen) => {
      met.push([...seen]);
      property(`kills-met-${of}`, JSON.stringify(met));
    });
  }
  const cut = met.filter((seen) => seen.some(({ helm }) => helm === 'at work'));
  expect(cut.length, `kills that met Helm at work, of ${met.length}`).toBeGreaterThanOrEqual(atWorkAtLeast);
}

/** One kill, which meets each Tenant at its own point of what is being done to it. */
async function killedAt(
  stage: Stage,
  points: readonly Point[],
  onMet: (met: readonly Met[]) => void,
): Promise<void> {
  const wish = { on: 'remote-a', chart: 'slow', spec: { values: { seconds: 3 } } } as const;
  const nameOf = ({ index }: Point) => `killed-${index}`;
  const shops = new Map<Point, Tenant>();
  for (const point of points.filter(({ verb }) => verb !== 'install'))
    shops.set(point, await stage.tenant({ ...wish, name: nameOf(point) }));
  await Promise.all([...shops.values()].map((shop) => shop.reaches('Ready', 60)));

  const aheadMs = ({ aim, ms }: Point) => (aim === 'helm' ? beginsMs : ms);
  const longest = Math.max(...points.map(aheadMs));
  const written = new Map<Point, number>();
  await Promise.all(
    points.map(async (point) => {
      await after(longest - aheadMs(point));
      written.set(point, performance.now());
      const shop = shops.get(point);
      if (shop === undefined) shops.set(point, await stage.tenant({ ...wish, name: nameOf(point) }));
      else if (point.verb === 'upgrade') await shop.apply({ version: '1.1.0' });
      else await shop.delete();
      await untilPoint(point, shops.get(point));
    }),
  );
  const killedMs = performance.now();
  await stage.operator.crash();
  const left = await Promise.all(
    [...shops].map(([point, shop]) => metOf(point, shop, killedMs - (written.get(point) ?? killedMs))),
  );
  onMet(left);
  await stage.operator.start();
  await Promise.all(
    [...shops].map(async ([{ verb }, shop]) => {
      if (verb === 'uninstall') return shop.gone(90);
      await shop.reaches('Ready', 90);
      await onlyOneDeployed(shop);
      await shop.delete();
    }),
  );
}

async function untilPoint({ aim, ms }: Point, shop: Tenant | undefined): Promise<void> {
  if (aim === 'helm')
    await within(30, `Helm is at work on ${shop?.name}`, async () => {
      const revisions = (await shop?.revisions()) ?? [];
      return atWork(revisions) ? {} : JSON.stringify(revisions);
    });
  await after(ms);
}

async function metOf(point: Point, shop: Tenant, sinceMs: number): Promise<Met> {
  const revisions = await shop.revisions();
  const progress = await shop.condition('ClusterProgress');
  return {
    ...point,
    sinceMs: Math.round(sinceMs),
    revisions: revisions.map(({ version, status }) => `${version} ${status}`).join(', '),
    progress: progress === undefined ? '' : `${progress.status} ${progress.reason}`,
    helm: atWork(revisions) ? 'at work' : 'not at work',
  };
}

async function onlyOneDeployed(shop: Tenant): Promise<void> {
  const revisions = await shop.revisions();
  const open = revisions.filter(({ status }) => !['deployed', 'superseded', 'failed'].includes(status));
  expect(open, 'revisions that nobody finished').toEqual([]);
  const deployed = revisions.filter(({ status }) => status === 'deployed');
  expect(deployed, 'deployed revisions').toHaveLength(1);
}
