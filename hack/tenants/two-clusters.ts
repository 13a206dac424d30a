// The two-cluster flow as one program: Tenants stored on home and on a remote are rolled out there, and nothing stays behind. Prints its
// lines in this order; the exit code is 0 only after the last. hack/node hack/tenants/two-clusters.ts
import { sweep, sweepReport } from '../../suites/tenants/oracle.ts';
import { Tenant } from '../../suites/tenants/tenant.ts';
import { within } from '../../suites/tenants/wait.ts';
import type { World } from '../../suites/tenants/world.ts';
import { action, explain } from '../kind/action.ts';
import { bringUp } from './scene.ts';
import { sceneVariable, world } from './world.ts';

try {
  const scene = await action('the scene of Tenants', bringUp);
  process.env[sceneVariable] = JSON.stringify(scene);
  await twoClusters(await world(), (line) => process.stdout.write(`${line}\n`));
  process.exit(0);
} catch (error) {
  process.stderr.write(`${explain(error).join('\n')}\n`);
  process.exit(1);
}

/** Throws at the first thing that is not so. Limits: Ready within 600 s, gone within 240 s. */
async function twoClusters(given: World, say: (line: string) => void): Promise<void> {
  const tenants = [
    new Tenant(given, { name: 'two-home', chart: 'healthy' }),
    new Tenant(given, { name: 'two-remote', chart: 'healthy', storedOn: 'remote-a' }),
  ];
  try {
    for (const tenant of tenants) await tenant.apply();
    for (const { cluster, workspace } of tenants) {
      await within(
        600,
        `namespace ${workspace}`,
        async () => (await cluster.find('Namespace', { name: workspace })) ?? 'none',
      );
      say(`workspace namespace created: ${workspace} on ${cluster.name}`);
    }
    for (const tenant of tenants) {
      await within(600, `release ${tenant.release}`, async () => {
        const revisions = await tenant.revisions();
        return revisions.some(({ status }) => status === 'deployed') ? {} : JSON.stringify(revisions);
      });
      say(`helm install success: ${tenant.release} on ${tenant.on}`);
    }
    for (const tenant of tenants) {
      await tenant.reaches('Ready', 600);
      await within(60, 'three Deployments are available', () => available(tenant));
      say(`tenant phase is Ready on ${tenant.on === 'home' ? 'home' : 'remote'} cluster: ${tenant.name}`);
    }
  } finally {
    for (const tenant of tenants) await tenant.delete();
    for (const tenant of tenants) await tenant.gone(240);
  }
  await within(240, 'nothing stays behind', async () => {
    return sweepReport(sweep(given.baseline, [], await given.inventory())) || {};
  });
  say('e2e passed');
}

async function available(tenant: Tenant): Promise<object | string> {
  const found = await tenant.cluster.list('Deployment', { namespace: tenant.workspace });
  const ready = found.filter(
    ({ status }) => (status as { availableReplicas?: number }).availableReplicas === 1,
  );
  return ready.length === 3 ? {} : `${ready.length} of ${found.length} are available`;
}
