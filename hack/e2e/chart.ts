// The chart as an operator installs it, with the charter of the reference platform in its values.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { charterConfig } from '../../fixtures/platform/charter-config.ts';
import { readPolicyTable } from '../../fixtures/platform/index.ts';
import type { PlatformUrls } from '../../fixtures/platform/names.ts';
import { tool } from '../kind/binaries.ts';
import { run } from '../kind/command.ts';
import { projectRoot } from '../kind/paths.ts';
import { temporaryFolder } from '../kind/temporary.ts';
import { tag } from './images.ts';
import { namespace } from './kube.ts';
import type { Outside } from './outside.ts';
import { release } from './platform.ts';

export const chartFolder = join(projectRoot, 'charts', 'akko-charter-runner');
export const fullname = `${release}-akko-charter-runner`;
export const runnerImage = { repository: 'akko-charter-runner', tag };

export type Values = { readonly [key: string]: unknown };

/** What every check starts from: results on a claim, no schedule of its own, the hardest charter there is. */
export function baseValues(outside: Outside): Values {
  const urls = {} as PlatformUrls;
  const policy = readPolicyTable();
  const { targets, personaSecret, expectedSkips, ...config } = charterConfig({
    ...{ urls, policy, secretsDirectory: '', trinoAuth: 'jwt' },
  });
  return {
    schedule: '',
    image: runnerImage,
    imagePullPolicy: 'Never',
    resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: { memory: '768Mi' } },
    results: { type: 'persistentVolumeClaim' },
    personaSecret: { optional: false },
    // A run that the check before killed still holds the lock for a while. An API server on a busy machine may be silent for 5 s.
    lock: { mode: 'lease', leaseSeconds: 20, waitSeconds: 120 },
    // The CronJob would delete Jobs by hand beyond its limits while checks still look at them.
    failedJobsHistoryLimit: 20,
    successfulJobsHistoryLimit: 20,
    config: { ...config, outside },
  };
}

/** Maps are merged key by key, everything else is replaced: as helm does with several values files. */
export function merged(base: Values, over: Values): Values {
  const isMap = (value: unknown): value is Values =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  const result: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const before = result[key];
    result[key] = isMap(before) && isMap(value) ? merged(before, value) : value;
  }
  return result;
}

export class Chart {
  readonly #kubeconfig: string;
  readonly #helm: string;
  readonly #base: Values;

  private constructor(kubeconfig: string, helm: string, base: Values) {
    this.#kubeconfig = kubeconfig;
    this.#helm = helm;
    this.#base = base;
  }

  static async of(kubeconfig: string, outside: Outside): Promise<Chart> {
    return new Chart(kubeconfig, await tool('helm'), baseValues(outside));
  }

  /** `helm upgrade --install` with these values over the base; further words are flags. */
  install(over: Values = {}, ...flags: readonly string[]): Promise<string> {
    return this.#withValues(over, ['upgrade', '--install', release, chartFolder, ...flags]);
  }

  /** The manifests, which go nowhere. A release of another name than the installed one is all new objects. */
  rendered(over: Values, name: string): Promise<string> {
    return this.#withValues(over, ['template', name, chartFolder]);
  }

  async #withValues(over: Values, words: readonly string[]): Promise<string> {
    const folder = temporaryFolder('values');
    const file = join(folder, 'values.yaml');
    try {
      writeFileSync(file, stringify(merged(this.#base, over), { aliasDuplicateObjects: false }));
      return await this.helm(...words, '--values', file);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  helm(...words: readonly string[]): Promise<string> {
    return run([this.#helm, '--kubeconfig', this.#kubeconfig, '--namespace', namespace, ...words]);
  }
}
