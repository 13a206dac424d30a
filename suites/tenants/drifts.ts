// What somebody does to a release by hand, and how long it stays so: from before the first write until it is right again.
import { setTimeout as after } from 'node:timers/promises';
import type { Condition, Tenant } from './tenant.ts';
import { within } from './wait.ts';

export interface Drift {
  readonly wrong: () => Promise<void>;
  readonly right: () => Promise<boolean>;
  /** How the event of its correction names it. */
  readonly named: RegExp;
}

/**
 * How long a Tenant may be called Ready after something of it was made wrong. The operator hears of it by a watch, reads the object again, asks
 * for a dry run and writes the status before it mends anything: four requests and no timer.
 */
export const readyGraceMs = 3_000;

/** Of a release of the chart `healthy`. */
export function driftsOf(shop: Tenant): Readonly<Record<'delete' | 'edit' | 'scale' | 'label', Drift>> {
  const api = shop.inWorkspace(`${shop.release}-api`);
  const settings = shop.inWorkspace(`${shop.release}-settings`);
  const { cluster } = shop;
  const deployment = () => cluster.find('Deployment', api);
  const manager = 'somebody';
  const label = 'app.kubernetes.io/name';
  return {
    delete: {
      wrong: () => cluster.remove('Deployment', api),
      right: async () => (await deployment()) !== undefined,
      named: /Deployment \S+-api is missing/,
    },
    edit: {
      wrong: () => cluster.patch('ConfigMap', settings, { data: { message: 'edited' } }, { manager }),
      right: async () => {
        const data = (await cluster.find('ConfigMap', settings))?.data as { message?: string } | undefined;
        return data?.message === 'hello';
      },
      named: /ConfigMap \S+-settings differs at .*\/data\/message/,
    },
    scale: {
      wrong: () => cluster.patch('Deployment', api, { spec: { replicas: 0 } }, { manager }),
      right: async () => ((await deployment())?.spec as { replicas?: number } | undefined)?.replicas === 1,
      named: /Deployment \S+-api differs at .*\/spec\/replicas/,
    },
    label: {
      wrong: () =>
        cluster.patch('Deployment', api, { metadata: { labels: { [label]: 'other' } } }, { manager }),
      right: async () => (await deployment())?.metadata.labels?.[label] === 'api',
      named: /Deployment \S+-api differs at .*\/metadata\/labels/,
    },
  };
}

/** Milliseconds until it was right again. Throws where it was called Ready meanwhile, or where nobody said that it was wrong. */
export async function corrected(shop: Tenant, name: string, { wrong, right }: Drift): Promise<number> {
  const before = await readySince(shop);
  const begun = performance.now();
  await wrong();
  const wrongSince = performance.now();
  let lie: string | undefined;
  await within(30, `${name} is corrected`, async () => {
    const askedMs = performance.now() - wrongSince;
    const { phase, conditions = [] } = await shop.status();
    // Asked after the status: what is wrong now was wrong when that was read.
    if (await right()) return {};
    const isReady = phase === 'Ready' || conditions.some(isReadyCondition);
    const seen = `still wrong, phase ${phase}, ${JSON.stringify(conditions)}`;
    if (isReady && askedMs > readyGraceMs) lie ??= `${name}: ${Math.round(askedMs)} ms after it: ${seen}`;
    return seen;
  });
  const ms = performance.now() - begun;
  if (lie !== undefined) throw new Error(`called Ready while wrong, longer than ${readyGraceMs} ms; ${lie}`);
  await within(30, `the status says that ${name} was wrong, and is right`, async () => {
    const ready = (await shop.status()).conditions?.find(isReadyCondition);
    return ready !== undefined && ready.lastTransitionTime !== before
      ? {}
      : `Ready since ${before}: ${!!ready}`;
  });
  return ms;
}

/** When it became Ready, longer than a second ago: times of conditions are whole seconds, and the next one has to be told from this one. */
async function readySince(shop: Tenant): Promise<string> {
  const ready = async () => (await shop.status()).conditions?.find(isReadyCondition)?.lastTransitionTime;
  const { result } = await within(60, `${shop.name} is Ready for longer than a second`, async () => {
    const first = await ready();
    if (first === undefined) return JSON.stringify(await shop.status());
    await after(1_100);
    const second = await ready();
    return second === first ? { since: first } : `Ready since ${first}, then since ${second}`;
  });
  return result.since;
}

const isReadyCondition = ({ type, status }: Condition): boolean =>
  type.startsWith('ClusterReady/') && status === 'True';
