// The two-cluster flow: Tenants stored on home and on a remote are rolled out there, and nothing stays behind.
import { sweep, sweepReport } from '../../suites/tenants/oracle.ts';
import { Tenant } from '../../suites/tenants/tenant.ts';
import { within } from '../../suites/tenants/wait.ts';
import type { World } from '../../suites/tenants/world.ts';
import { explain } from '../kind/action.ts';
import { thenClean } from './then-clean.ts';

/** Seconds that each step may take. */
export interface FlowLimits {
  readonly ready: number;
  readonly available: number;
  readonly gone: number;
}

const promised: FlowLimits = { ready: 600, available: 60, gone: 240 };

export interface FlowOutput {
  readonly say: (line: string) => void;
  readonly complain: (line: string) => void;
}

/** The exit code of the program: 0 only after the last line was said. */
export async function flow(
  bringUp: () => Promise<World>,
  { say, complain }: FlowOutput,
  limits: FlowLimits = promised,
): Promise<0 | 1> {
  try {
    const given = await bringUp();
    await twoClusters(given, say, limits, complain);
    return 0;
  } catch (error) {
    for (const line of explain(error)) complain(line);
    return 1;
  }
}

/** Throws at the first thing that is not so; its Tenants are deleted whatever happens. */
async function twoClusters(
  given: World,
  say: (line: string) => void,
  limits: FlowLimits,
  complain: (line: string) => void,
): Promise<void> {
  const tenants = [
    new Tenant(given, { name: 'two-home', chart: 'healthy' }),
    new Tenant(given, { name: 'two-remote', chart: 'healthy', storedOn: 'remote-a' }),
  ];
  await thenClean(
    () => rollOut(tenants, say, limits),
    () => takeAway(tenants, limits),
    complain,
  );
  await within(limits.gone, 'nothing stays behind', async () => {
    return sweepReport(sweep(given.baseline, [], await given.inventory())) || {};
  });
  say('e2e passed');
}

async function rollOut(
  tenants: readonly Tenant[],
  say: (line: string) => void,
  { ready, available }: FlowLimits,
): Promise<void> {
  for (const tenant of tenants) await tenant.apply();
  for (const { cluster, workspace } of tenants) {
    await within(
      ready,
      `namespace ${workspace}`,
      async () => (await cluster.find('Namespace', { name: workspace })) ?? 'none',
    );
    say(`workspace namespace created: ${workspace} on ${cluster.name}`);
  }
  for (const tenant of tenants) {
    await within(ready, `release ${tenant.release}`, async () => {
      const revisions = await tenant.revisions();
      return revisions.some(({ status }) => status === 'deployed') ? {} : JSON.stringify(revisions);
    });
    say(`helm install success: ${tenant.release} on ${tenant.on}`);
  }
  for (const tenant of tenants) {
    await tenant.reaches('Ready', ready);
    await within(available, 'three Deployments are available', () => deploymentsOf(tenant));
    say(`tenant phase is Ready on ${tenant.on === 'home' ? 'home' : 'remote'} cluster: ${tenant.name}`);
  }
}

async function takeAway(tenants: readonly Tenant[], { gone }: FlowLimits): Promise<void> {
  const ends = await Promise.allSettled(tenants.map((tenant) => tenant.delete()));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  for (const tenant of tenants) await tenant.gone(gone);
}

async function deploymentsOf(tenant: Tenant): Promise<object | string> {
  const found = await tenant.cluster.list('Deployment', { namespace: tenant.workspace });
  const ready = found.filter(
    ({ status }) => (status as { availableReplicas?: number }).availableReplicas === 1,
  );
  return ready.length === 3 ? {} : `${ready.length} of ${found.length} are available`;
}
