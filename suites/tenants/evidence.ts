// What a person needs to see why a scenario is red, written before anything of it is taken away.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Tenant } from './tenant.ts';
import type { World } from './world.ts';

/** Folder in which each red case gets one of its own; none is written where it is not set. */
export const evidenceVariable = 'CHARTER_TENANTS_EVIDENCE';

const patienceMs = 15_000;

/** Never rejects: what cannot be had is a file that says why. */
export async function evidence(world: World, tenants: readonly Tenant[], folder: string): Promise<void> {
  const each = async (look: (tenant: Tenant) => Promise<unknown>) =>
    stringify(await Promise.all(tenants.map(async (one) => ({ ...one.where, seen: await look(one) }))));
  const files: Readonly<Record<string, () => Promise<string>>> = {
    'tenants.yaml': () => each(async (one) => withoutManagers(await one.object())),
    'events.yaml': () => each((one) => one.events().catch(String)),
    'revisions.yaml': () => each((one) => one.revisions().catch(String)),
    'operator.log': () => world.operator.log(),
    'proxy.json': () => world.network.counts(),
  };
  const looks = Object.entries(files).map(async ([name, look]) => [name, await inTime(look)] as const);
  const seen = await Promise.all(looks);
  try {
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of seen) writeFileSync(join(folder, name), text);
  } catch (error) {
    process.stderr.write(`evidence cannot be written into ${folder}: ${error}\n`);
  }
}

async function inTime(look: () => Promise<string>): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer within ${patienceMs / 1_000} s`), patienceMs);
  });
  try {
    return await Promise.race([look(), late]);
  } catch (error) {
    return `cannot be had: ${error}`;
  } finally {
    clearTimeout(timer);
  }
}

function withoutManagers(object: Awaited<ReturnType<Tenant['object']>>): object | string {
  if (object === undefined) return 'not there';
  const { managedFields, ...metadata } = object.metadata as Record<string, unknown>;
  return { ...object, metadata };
}
