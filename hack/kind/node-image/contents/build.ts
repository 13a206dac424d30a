// Builds the image of a node from Debian packages and the Go module proxy.
import { chmodSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { action } from '../../action.ts';
import { run, shell } from '../../command.ts';
import { label } from '../../paths.ts';
import { build, kubernetesVersion, modules } from '../../tools.ts';
import { buildComponent, components } from './components.ts';
import { buildRootImage, buildToolsImage, kindFiles, rootImage, toolsImage } from './files.ts';

const shim = join(import.meta.dirname, '..', '..', 'engine', 'runc-shim');

/** `folder`: for what it works on; the caller removes it. */
export async function buildNodeImage(tag: string, folder: string): Promise<void> {
  // One compiler at a time: each of them uses all cores.
  const kubernetes = await build(modules.kubernetes);
  for (const module of [modules.crictl, ...components.map((component) => component.module)])
    await build(module);
  await action('make the Debian of the node', () => buildRootImage(join(folder, 'node')));
  await action('make the Debian of its images', () => buildToolsImage(join(folder, 'tools')));
  await action('make the images of the control plane', async () => {
    for (const component of components) await buildComponent(component, folder);
  });
  const bare = 'charter-runner.local/node-bare:1';
  await action('put Kubernetes on the node', async () => {
    const context = join(folder, 'bare');
    mkdirSync(join(context, 'bin'), { recursive: true });
    cpSync(await kindFiles(), join(context, 'kind-files'), { recursive: true });
    await run(['chmod', '-R', 'u+w', join(context, 'kind-files')]);
    for (const name of ['kubelet', 'kubeadm', 'kubectl'])
      cpSync(join(kubernetes, name), join(context, 'bin', name));
    cpSync(join(await build(modules.crictl), 'crictl'), join(context, 'bin', 'crictl'));
    cpSync(shim, join(context, 'runc-shim'));
    chmodSync(join(context, 'runc-shim'), 0o755);
    cpSync(join(import.meta.dirname, 'manifests'), join(context, 'manifests'), { recursive: true });
    cpSync(join(import.meta.dirname, 'Dockerfile'), join(context, 'Dockerfile'));
    writeFileSync(join(context, 'version'), kubernetesVersion);
    await run(
      [
        'docker',
        'build',
        '--quiet',
        '--label',
        `${label}=image`,
        '--build-arg',
        `ROOT=${rootImage}`,
        '--tag',
        bare,
        context,
      ],
      {
        env: { DOCKER_BUILDKIT: '0' },
      },
    );
  });
  await action('bake the images into the node', () => bake(bare, tag));
}

/**
 * Runs the node's containerd in a container, imports the images, and commits it. They are unpacked already, or each new node would
 * spend its first seconds on that; containerd cannot do it in a container's own file system, but on a volume, and its folder may move.
 * The packed layers are of no more use then.
 */
async function bake(bare: string, tag: string): Promise<void> {
  const images = [...components.map(({ image }) => image), toolsImage].join(' ');
  await shell(`
    id=$(docker run -d --privileged --label ${label}=build --tmpfs /tmp --volume /baking --entrypoint sleep ${bare} infinity)
    trap 'docker rm -f -v "$id" >/dev/null' EXIT
    in_node() { docker exec -i --privileged "$id" "$@"; }
    docker exec -d --privileged "$id" containerd --root /baking
    for i in $(seq 100); do in_node ctr version >/dev/null 2>&1 && break; sleep 0.1; done
    docker save ${images} | in_node ctr -n k8s.io images import \
      --label=io.cri-containerd.pinned=pinned --all-platforms --digests - >&2
    in_node sh -c "ctr -n k8s.io content ls | grep containerd.io/uncompressed | cut -f1 | xargs ctr -n k8s.io content rm" >&2
    # What nobody refers to goes when an image is removed in this way.
    in_node ctr -n k8s.io images tag ${toolsImage} unneeded >&2
    in_node ctr -n k8s.io images rm --sync unneeded >&2
    in_node pkill containerd
    for i in $(seq 100); do in_node pgrep containerd >/dev/null || break; sleep 0.1; done
    in_node cp -a /baking/. /var/lib/containerd/
    docker commit --change 'ENTRYPOINT ["/usr/local/bin/entrypoint", "/sbin/init"]' --change 'CMD []' \
      --change 'LABEL ${label}=image' "$id" ${tag} >/dev/null`);
}
