// Breaks one promise of the platform in the cluster, from the node its Pod runs on: no policy has to be opened for it.
import type { TargetName } from '../../fixtures/platform/index.ts';
import { run } from '../kind/command.ts';
import { eventually } from './eventually.ts';
import type { Kube } from './kube.ts';
import { serviceOf, targets } from './platform.ts';

interface PodList {
  readonly items: readonly {
    readonly metadata: { readonly deletionTimestamp?: string };
    readonly status: { readonly podIP?: string };
  }[];
}

export class Faults {
  readonly #kube: Kube;
  readonly #node: string;

  constructor(kube: Kube, node: string) {
    this.#kube = kube;
    this.#node = node;
  }

  async set(target: TargetName, fault: string, state: 'on' | 'off'): Promise<void> {
    const label = `app.kubernetes.io/name=akko-${targets[target].flag}`;
    const { items } = await this.#kube.json<PodList>('get', 'pods', '--selector', label);
    const address = items.find(({ metadata }) => metadata.deletionTimestamp === undefined)?.status.podIP;
    const url = `http://${address}:${targets[target].port}/-/faults`;
    const body = JSON.stringify({ [fault]: state === 'on' });
    await run([
      'docker',
      'exec',
      this.#node,
      'curl',
      '--silent',
      '--fail',
      '--max-time',
      '5',
      '-X',
      'PUT',
      '-d',
      body,
      url,
    ]);
  }

  /** 0 replicas and none left, or 1 and ready. */
  async scale(target: TargetName, replicas: 0 | 1): Promise<void> {
    const name = serviceOf(target);
    await this.#kube.text('scale', `deployment/${name}`, `--replicas=${replicas}`);
    await eventually(`${name} has ${replicas} replicas`, { within: 60 }, async () => {
      const label = `app.kubernetes.io/name=akko-${targets[target].flag}`;
      const { items } = await this.#kube.json<PodList>('get', 'pods', '--selector', label);
      if (replicas === 0) return items.length === 0 ? {} : `${items.length} Pods`;
      const { status } = await this.#kube.json<{ status: { readyReplicas?: number } }>(
        'get',
        'deployment',
        name,
      );
      return status.readyReplicas === 1 ? {} : 'not ready';
    });
  }
}
