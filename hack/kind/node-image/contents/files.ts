// The Debian root file systems: one of the node, one small one for the images that need iptables or a shell.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { run, shell } from '../../command.ts';
import { textOf } from '../../host.ts';
import { label } from '../../paths.ts';
import { build, modules, toolsFolder } from '../../tools.ts';

const suite = 'trixie';
const networking = ['iptables', 'nftables', 'ipset', 'conntrack', 'iproute2', 'kmod'];
const nodePackages = [
  ...[
    'systemd',
    'dbus',
    'containerd',
    'runc',
    'containernetworking-plugins',
    'jq',
    'curl',
    'ca-certificates',
  ],
  ...['procps', 'pigz', 'e2fsprogs', 'ethtool', 'mount', 'util-linux', 'libseccomp2', ...networking],
];

/** What apt of this host is set to, so that a mirror set there serves here too; without one debootstrap takes its own default. */
function mirror(): readonly string[] {
  for (const file of ['/etc/apt/sources.list.d/debian.sources', '/etc/apt/sources.list']) {
    const found = /^(?:URIs:|deb(?: \[[^\]]*\])?)\s+(\S+)/m.exec(textOf(file))?.[1];
    if (found !== undefined) return [found];
  }
  return [];
}

/** An image of one layer, imported as `tag`. */
async function debian(folder: string, packages: readonly string[], tag: string): Promise<void> {
  const root = join(folder, 'root');
  const include = `--include=${packages.join(',')}`;
  await run(['debootstrap', '--variant=minbase', include, suite, root, ...mirror()]);
  await shell(`rm -rf ${root}/var/cache/apt/* ${root}/var/lib/apt/lists/* ${root}/usr/share/doc ${root}/usr/share/man
    rm -f ${root}/etc/apt/sources.list
    tar -C ${root} --numeric-owner -c . | docker import --change 'LABEL ${label}=image' - ${tag}
    rm -rf ${root}`);
}

export const toolsImage = 'charter-runner.local/node-tools:1';

/** Debian with iptables and a shell: under kube-proxy and kube-router, and by itself for local-path's helper Pods. */
export async function buildToolsImage(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await debian(folder, networking, toolsImage);
}

export const rootImage = 'charter-runner.local/node-root:1';

export async function buildRootImage(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await debian(folder, nodePackages, rootImage);
}

/** Folder of kind's own module with its entrypoint, units and containerd config. */
export async function kindFiles(): Promise<string> {
  await build(modules.kind);
  const toolFolder = join(toolsFolder, 'kind');
  const module = await run(['go', 'list', '-m', '-f', '{{.Dir}}', 'sigs.k8s.io/kind'], { cwd: toolFolder });
  return join(module, 'images', 'base', 'files');
}
