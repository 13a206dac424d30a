// Each scenario on a clean stage: what it makes is removed after it, faults are healed, and the orphan oracle has the last word.
import { join } from 'node:path';
import type { CaseContext } from 'charter-runner';
import { evidence, evidenceVariable } from './evidence.ts';
import { allGone } from './many.ts';
import { openWorld } from './open-world.ts';
import { type ExpectedTenant, idOf, sweep, sweepReport } from './oracle.ts';
import { Tenant, type TenantWish } from './tenant.ts';
import { machineClock, type WaitClock, within } from './wait.ts';
import type { World } from './world.ts';

export interface Stage extends World {
  /** Writes a Tenant that is deleted after the scenario. */
  readonly tenant: (wish: TenantWish) => Promise<Tenant>;
  /** As `tenant`, several at once. */
  readonly tenants: (wishes: readonly TenantWish[]) => Promise<readonly Tenant[]>;
  /** Throws unless exactly these Tenants, and what they explain, are in the clusters. */
  readonly swept: (expected: readonly ExpectedTenant[], seconds: number) => Promise<void>;
  /** Done after the scenario, whatever its end, before its Tenants are deleted. Last one first. */
  readonly afterwards: (undo: () => Promise<unknown>) => void;
}

export type Scenario = (stage: Stage, context: CaseContext) => Promise<void>;

/** The body of a case: `onStage(async (stage, context) => …)`. */
export function onStage(scenario: Scenario) {
  return async (context: CaseContext): Promise<void> => {
    const opened = openWorld();
    if (opened === undefined) return context.skip('no clusters: run it with hack/node hack/tenants/main.ts');
    const evidenceFolder = process.env[evidenceVariable];
    const manner = { goneSeconds: 60, sweepSeconds: 30, ...(evidenceFolder && { evidenceFolder }) };
    await perform(scenario, await opened, context, manner);
  };
}

export interface Manner {
  readonly goneSeconds: number;
  readonly sweepSeconds: number;
  /** Where a red case leaves a folder of what was seen. */
  readonly evidenceFolder?: string;
  readonly clock?: WaitClock;
}

/** Throws what the scenario threw, what its removal did, and what the oracle found, all of it. */
export async function perform(
  scenario: Scenario,
  world: World,
  context: CaseContext,
  { goneSeconds, sweepSeconds, evidenceFolder, clock = machineClock }: Manner,
): Promise<void> {
  const made: Tenant[] = [];
  const undos: (() => Promise<unknown>)[] = [() => world.network.calm()];
  const tenants: Stage['tenants'] = async (wishes) => {
    const wanted = wishes.map((wish) => new Tenant(world, wish));
    made.push(...wanted);
    await Promise.all(wanted.map((tenant) => tenant.apply()));
    return wanted;
  };
  const stage: Stage = {
    ...world,
    tenants,
    tenant: async (wish) => (await tenants([wish]))[0] as Tenant,
    swept: (expected, seconds) => sweptWithin(world, expected, seconds),
    afterwards: (undo) => void undos.unshift(undo),
  };
  const failures: unknown[] = [];
  const noting = (work: Promise<unknown>) => work.catch((error: unknown) => failures.push(error));
  await noting(scenario(stage, context));
  const isToBeSeen = failures.length > 0 && evidenceFolder !== undefined;
  if (isToBeSeen) await evidence(world, made, join(evidenceFolder, context.uniqueName));
  for (const undo of undos) await noting(undo());
  await noting(Promise.all(made.map((tenant) => tenant.delete())));
  await noting(allGone(world, made, goneSeconds, clock));
  await noting(sweptWithin(world, [], sweepSeconds, clock));
  if (failures.length > 1)
    throw new Error(failures.map((one) => (one as Error).message).join('\nand then: '));
  if (failures.length === 1) throw failures[0];
}

/** What scenarios before left behind: they were red for it, and the next ones are not. */
const debris = new Set<string>();

/** Kubernetes takes its time to remove a namespace; whatever is still there after it is an orphan. */
async function sweptWithin(
  world: World,
  expected: readonly ExpectedTenant[],
  seconds: number,
  clock = machineClock,
): Promise<void> {
  const look = async () => {
    const actual = (await world.inventory()).filter((item) => !debris.has(idOf(item)));
    return sweep(world.baseline, expected, actual);
  };
  try {
    await within(
      seconds,
      'the orphan oracle has nothing to say',
      async () => sweepReport(await look()) || {},
      clock,
    );
  } catch (error) {
    if (expected.length === 0) for (const item of (await look()).unexplained) debris.add(idOf(item));
    throw error;
  }
}
