// Runs an image as a Pod would, without an engine: its root mounted read-only, uid 65532, no capability, only /tmp to write. Needs root.
import { type ChildProcess, spawn } from 'node:child_process';
import { chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { attempt, run } from '../kind/command.ts';

const uid = 65_532;

interface ImageConfig {
  readonly Env: readonly string[];
  readonly Entrypoint: readonly string[];
  readonly Cmd: readonly string[];
  readonly User: string;
}

export interface SandboxOptions {
  /** How Buildah is called, with its store. */
  readonly buildah: readonly string[];
  readonly image: string;
  /** Folder that becomes /tmp. */
  readonly tmp: string;
}

export interface Sandbox {
  /** Without arguments: the image's CMD. `env` is laid over the image's. */
  readonly start: (args?: readonly string[], env?: Readonly<Record<string, string>>) => ChildProcess;
  /** Root of the image. */
  readonly root: string;
  readonly remove: () => Promise<void>;
}

// Mounts live in a namespace of their own and end with it; a process of the image cannot outlive it either.
const enter = `
set -eu
chroot=$(PATH=/usr/sbin:/usr/bin:/sbin:/bin command -v chroot)
root=$1; tmp=$2; shift 2
mount --bind "$root" "$root"
mount -o remount,bind,ro "$root"
mount --bind "$tmp" "$root/tmp"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
exec setpriv --no-new-privs --bounding-set -all,+sys_chroot,+setuid,+setgid "$chroot" --userspec=${uid}:${uid} --groups= "$root" "$@"
`;

export async function sandbox({ buildah, image, tmp }: SandboxOptions): Promise<Sandbox> {
  const { OCIv1 } = JSON.parse(await run([...buildah, 'inspect', '--type=image', image])) as {
    OCIv1: { config: ImageConfig };
  };
  const config = OCIv1.config;
  if (config.User !== `${uid}:${uid}`) throw new Error(`${image} runs as ${config.User}`);
  const container = await run([...buildah, 'from', '--pull-never', image]);
  const root = await run([...buildah, 'mount', container]);
  for (const folder of ['dev', 'proc']) mkdirSync(join(root, folder), { recursive: true });
  mkdirSync(tmp, { recursive: true });
  chownSync(tmp, uid, uid);
  return {
    root,
    start: (args = config.Cmd, env = {}) => {
      const unshare = ['--mount', '--pid', '--fork', '--kill-child', 'bash', '-c', enter, 'enter'];
      const words = [root, tmp, ...config.Entrypoint, ...args];
      const given = Object.fromEntries(config.Env.map((pair) => pair.split(/=(.*)/s).slice(0, 2)));
      const own = { ...given, ...env };
      return spawn('unshare', [...unshare, ...words], { env: own, stdio: ['pipe', 'pipe', 'pipe'] });
    },
    remove: async () => {
      await attempt([...buildah, 'umount', container]);
      await attempt([...buildah, 'rm', container]);
    },
  };
}

export interface Ended {
  readonly code: number | null;
  /** stdout and stderr. */
  readonly text: string;
  /** Milliseconds from the start to the first case result; undefined when none came. */
  readonly firstResultMs: number | undefined;
}

export function ended(child: ChildProcess): Promise<Ended> {
  const start = performance.now();
  let text = '';
  let firstResultMs: number | undefined;
  const take = (chunk: string) => {
    text += chunk;
    if (/^(pass|FAIL|ERROR|skip) /m.test(text)) firstResultMs ??= performance.now() - start;
  };
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', take);
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, text, firstResultMs })));
}
