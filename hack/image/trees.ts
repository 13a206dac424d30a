// What each tree holds. Images on one tree share their layers; an image holds nothing that its work does not need.
import { isShippedSource } from './prune.ts';

export const treeNames = ['runner', 'harness', 'probe'] as const;
export type TreeName = (typeof treeNames)[number];

export interface TreeContents {
  /** Packages that its sources import; what these depend on comes along. */
  readonly packages: readonly string[];
  /** Folders below the project that are looked through for sources. */
  readonly folders: readonly string[];
  /** `path` below the project. */
  readonly holds: (path: string) => boolean;
}

const runnerPackages = [
  ...['commander', 'undici', 'jose', 'yaml', 'zod', 'vitest'],
  ...['kysely', 'pg', 'hono', '@hono/node-server', 'prom-client'],
];

/** Whoever may change a cluster is no part of the runner: these need the Kubernetes client. */
const needsKubernetes =
  /^runner\/(kube|controller|tenants|network)\/|^runner\/cli\/(network|operator)[^/]*$|^suites\/(network|tenants)\//;

/** The probe is its own files and Node. */
const ofProbe = /^runner\/network\/probe\//;

export const contentsOf: Readonly<Record<TreeName, TreeContents>> = {
  runner: {
    packages: runnerPackages,
    folders: ['runner', 'suites', 'fixtures/platform'],
    holds: (path) => isShippedSource(path) && !needsKubernetes.test(path),
  },
  harness: {
    packages: [...runnerPackages, '@kubernetes/client-node', 'semver'],
    folders: ['runner', 'suites'],
    holds: isShippedSource,
  },
  probe: {
    packages: [],
    folders: ['runner/network/probe'],
    holds: (path) => isShippedSource(path) && ofProbe.test(path),
  },
};
