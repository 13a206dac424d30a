// The images a node carries from birth, each one static binary on nothing, or on the small Debian where it needs iptables.
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../command.ts';
import { label } from '../../paths.ts';
import { build, kubernetesVersion, type Module, modules } from '../../tools.ts';
import { toolsImage } from './files.ts';

interface Component {
  readonly image: string;
  readonly module: Module;
  readonly binary: string;
  readonly base?: string;
}

const ofKubernetes = (binary: string, base?: string): Component => ({
  image: `registry.k8s.io/${binary}:${kubernetesVersion}`,
  module: modules.kubernetes,
  binary,
  ...(base === undefined ? {} : { base }),
});

/** Names as kubeadm, containerd's config and the manifests ask for them. */
export const components: readonly Component[] = [
  ofKubernetes('kube-apiserver'),
  ofKubernetes('kube-controller-manager'),
  ofKubernetes('kube-scheduler'),
  ofKubernetes('kube-proxy', toolsImage),
  { image: 'registry.k8s.io/etcd:3.6.5-0', module: modules.etcd, binary: 'etcd' },
  { image: 'registry.k8s.io/coredns/coredns:v1.12.1', module: modules.coredns, binary: 'coredns' },
  { image: 'registry.k8s.io/pause:3.10', module: modules.pause, binary: 'pause' },
  { image: 'registry.k8s.io/pause:3.10.1', module: modules.pause, binary: 'pause' },
  {
    image: 'docker.io/cloudnativelabs/kube-router:v2.1.0',
    module: modules.kubeRouter,
    binary: 'kube-router',
    base: toolsImage,
  },
  {
    image: 'docker.io/rancher/local-path-provisioner:v0.0.30',
    module: modules.localPath,
    binary: 'local-path-provisioner',
  },
];

export async function buildComponent(component: Component, folder: string): Promise<void> {
  const { image, module, binary, base = 'scratch' } = component;
  const context = join(folder, binary);
  mkdirSync(context, { recursive: true });
  cpSync(join(await build(module), binary), join(context, binary));
  const lines = [
    `FROM ${base}`,
    `LABEL ${label}=image`,
    `COPY ${binary} /usr/local/bin/${binary}`,
    'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    `ENTRYPOINT ["/usr/local/bin/${binary}"]`,
  ];
  writeFileSync(join(context, 'Dockerfile'), `${lines.join('\n')}\n`);
  await run(['docker', 'build', '--quiet', '--tag', image, context], { env: { DOCKER_BUILDKIT: '0' } });
}
