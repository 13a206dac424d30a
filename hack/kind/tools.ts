// Binaries built from the Go module proxy, where they are not at hand: each from a pinned module of its own under tools/.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { action } from './action.ts';
import { run } from './command.ts';
import { cacheFolder } from './paths.ts';

export const kubernetesVersion = 'v1.34.4';

export interface Module {
  /** Folder under tools/ with go.mod and go.sum. */
  readonly folder: string;
  /** Binary name and Go package of each. */
  readonly binaries: Readonly<Record<string, string>>;
  readonly ldflags?: string;
}

const kubernetes = [
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kubelet',
  'kubeadm',
  'kube-proxy',
  'kubectl',
];
const [major, minor] = kubernetesVersion.slice(1).split('.');
const versionPackage = 'k8s.io/component-base/version';

export const modules = {
  kubernetes: {
    folder: 'kubernetes',
    binaries: Object.fromEntries(kubernetes.map((name) => [name, `k8s.io/kubernetes/cmd/${name}`])),
    ldflags: [
      `-X ${versionPackage}.gitVersion=${kubernetesVersion}`,
      `-X ${versionPackage}.gitMajor=${major}`,
      `-X ${versionPackage}.gitMinor=${minor}`,
    ].join(' '),
  },
  kind: { folder: 'kind', binaries: { kind: 'sigs.k8s.io/kind' } },
  etcd: { folder: 'etcd', binaries: { etcd: 'go.etcd.io/etcd/server/v3' } },
  coredns: { folder: 'coredns', binaries: { coredns: 'github.com/coredns/coredns' } },
  kubeRouter: {
    folder: 'kube-router',
    binaries: { 'kube-router': 'github.com/cloudnativelabs/kube-router/v2/cmd/kube-router' },
  },
  crictl: { folder: 'crictl', binaries: { crictl: 'sigs.k8s.io/cri-tools/cmd/crictl' } },
  localPath: {
    folder: 'local-path-provisioner',
    binaries: { 'local-path-provisioner': 'github.com/rancher/local-path-provisioner' },
  },
  pause: { folder: 'pause', binaries: { pause: '.' } },
  helm: { folder: 'helm', binaries: { helm: 'helm.sh/helm/v4/cmd/helm' } },
  cosign: { folder: 'cosign', binaries: { cosign: 'github.com/sigstore/cosign/v3/cmd/cosign' } },
  kyverno: {
    folder: 'kyverno',
    binaries: { kyverno: 'github.com/kyverno/kyverno/cmd/cli/kubectl-kyverno' },
  },
} as const satisfies Readonly<Record<string, Module>>;

export const toolsFolder = join(import.meta.dirname, 'tools');

const folderOf = (module: Module): string => join(cacheFolder, 'bin', `${module.folder}-${inputsOf(module)}`);

/** Whether a build of the same inputs is in the cache. */
export const isBuilt = (module: Module): boolean => existsSync(folderOf(module));

/** The Go version that its go.mod asks for, e.g. `1.24.0`. */
export function goOf({ folder }: Module): string {
  const text = readFileSync(join(toolsFolder, folder, 'go.mod'), 'utf8');
  return /^go (\S+)$/m.exec(text)?.[1] ?? '0';
}

/** The folder with the module's binaries, built when no build of the same inputs is in the cache. */
export async function build(module: Module): Promise<string> {
  const folder = folderOf(module);
  if (isBuilt(module)) return folder;
  return action(`build ${module.folder}`, async () => {
    const half = `${folder}.${process.pid}`;
    mkdirSync(half, { recursive: true });
    try {
      for (const [name, source] of Object.entries(module.binaries))
        await compile(module, join(half, name), source);
      renameSync(half, folder);
    } finally {
      rmSync(half, { recursive: true, force: true });
    }
    return folder;
  });
}

async function compile(module: Module, output: string, source: string): Promise<void> {
  const ldflags = `-s -w ${module.ldflags ?? ''}`.trim();
  await run(['go', 'build', '-trimpath', '-buildvcs=false', '-ldflags', ldflags, '-o', output, source], {
    cwd: join(toolsFolder, module.folder),
    env: { CGO_ENABLED: '0', GOFLAGS: '-mod=readonly', GOWORK: 'off' },
  });
}

/** Changes when a pinned version, a flag or the machine's architecture does. */
export function inputsOf(module: Module): string {
  const hash = createHash('sha256').update(JSON.stringify([process.arch, module]));
  for (const name of ['go.mod', 'go.sum', 'main.go']) {
    const file = join(toolsFolder, module.folder, name);
    if (existsSync(file)) hash.update(readFileSync(file));
  }
  return hash.digest('hex').slice(0, 12);
}
