// Where etcd and kube-apiserver are on this machine: the harness builds them once and keeps them by the hash of what they are built from.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../../../hack/kind/paths.ts';
import { inputsOf, type Module, modules } from '../../../hack/kind/tools.ts';

export interface ApiServerBinaries {
  readonly etcd: string;
  readonly kubeApiserver: string;
}

function built(module: Module, name: string): string {
  return join(cacheFolder, 'bin', `${module.folder}-${inputsOf(module)}`, name);
}

/** Undefined where they have not been built yet. */
export function apiServerBinaries(): ApiServerBinaries | undefined {
  const binaries = {
    etcd: built(modules.etcd, 'etcd'),
    kubeApiserver: built(modules.kubernetes, 'kube-apiserver'),
  };
  return Object.values(binaries).every((path) => existsSync(path)) ? binaries : undefined;
}

/** Reason of the skip, with what brings the binaries. */
export const withoutBinaries =
  'etcd and kube-apiserver are not built here: `make test-apiserver` builds them';
