// Opens the world of campaign NET inside the worker of a run: `charter network run` names this module in the environment.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type ClusterAddress,
  newSuffix,
  openWorld,
  outsideTargets,
  readDetection,
  type World,
  type WorldOptions,
} from '../network/index.ts';

/** As steps tell it, for the run as a whole. */
export { latencyOf } from '../network/index.ts';

interface StageSettings {
  /** A folder with one file for each world that stands or is being made, so that whoever outlives this process knows what to remove. */
  readonly worlds: string;
  readonly cluster: ClusterAddress;
  readonly clusterDomain?: string;
  readonly world: Pick<
    WorldOptions,
    'image' | 'imagePullPolicy' | 'nodes' | 'timeoutMs' | 'settleMs' | 'faults'
  >;
}

export interface NetworkStage {
  readonly world: World;
  readonly apiServer: { readonly address: string; readonly port: number };
  readonly properties: Readonly<Record<string, string>>;
}

/** `signal` ends steps that wait. Throws as `openWorld` and `outsideTargets` do. */
export async function openStage(
  wish: Pick<WorldOptions, 'ports' | 'portsOf'>,
  signal?: AbortSignal,
): Promise<NetworkStage> {
  const {
    cluster,
    clusterDomain: domain,
    worlds,
    world: options,
  } = JSON.parse(process.env.CHARTER_NETWORK ?? '{}') as StageSettings;
  const [{ targets, apiServer }, { cni, policyEngine, doubts }] = await Promise.all([
    outsideTargets(cluster, { domain }),
    readDetection(cluster),
  ]);
  const suffix = newSuffix();
  const mark = join(worlds, suffix);
  writeFileSync(mark, '');
  const world = await openWorld({
    ...options,
    ...wish,
    suffix,
    cluster,
    outside: targets,
    ...(signal && { signal }),
  });
  const close = async () => {
    const end = await world.close();
    rmSync(mark, { force: true });
    return end;
  };
  const properties = {
    'network-cni': cni,
    'network-policy-engine': policyEngine,
    ...(doubts.length === 0 ? {} : { 'network-doubts': doubts.join('; ') }),
  };
  return { world: { ...world, close }, apiServer, properties };
}
