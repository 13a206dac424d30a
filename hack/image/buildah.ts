// Images by Buildah, in a store of this checkout: no daemon, nothing of the user's own images touched, removed with its folder.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { attempt, run } from '../kind/command.ts';
import type { Builder } from './builder.ts';

export function buildahCommand(store: string): readonly string[] {
  const folders = ['--root', join(store, 'images'), '--runroot', join(store, 'run')];
  // vfs copies where overlay would mount: slower by a second, but it works in every container and for every user.
  return ['buildah', '--storage-driver', 'vfs', ...folders];
}

const ownName = /^charter-run-(\d+)-/;
let made = 0;

/** Process id of the harness that runs something in the working container of this name; undefined for those of a build. */
export function makerOf(container: string): string | undefined {
  return ownName.exec(container)?.[1];
}

export function buildah(store: string): Builder {
  const command = buildahCommand(store);
  return {
    name: 'buildah',
    idOf: async (image) => {
      const format = '{{.FromImageID}}';
      const { code, stdout } = await attempt([
        ...command,
        'inspect',
        '--type=image',
        '--format',
        format,
        image,
      ]);
      return code === 0 ? stdout.trim() : undefined;
    },
    pull: async (image) => (await attempt([...command, 'pull', image], { timeoutMs: 600_000 })).code === 0,
    build: async ({ file, context, target, base, tag }) => {
      // --timestamp fixes the times of the image and of every file in it. The layers of ours are one: together they are 4 MB.
      // The history would name the stage below as the store happens to know it, by tag or by id.
      const fixed = ['bud', '--isolation', 'chroot', '--timestamp', '0', '--omit-history', '--pull-never'];
      const chosen = [
        ...(target === undefined ? [] : ['--target', target]),
        ...(base === undefined ? [] : ['--build-arg', `BASE=${base}`]),
      ];
      await run([...command, ...fixed, ...chosen, '--tag', tag, '--file', file, context]);
      // What had the tag before would stay, whole, for ever.
      await attempt([...command, 'rmi', '--prune']);
    },
    run: async ({ image, volumes = {}, words }) => {
      made += 1;
      const name = `charter-run-${process.pid}-${made}`;
      const container = await run([...command, 'from', '--pull-never', '--name', name, image]);
      const mounted = Object.entries(volumes).map(([from, to]) => `--volume=${from}:${to}`);
      try {
        return await run([...command, 'run', '--isolation', 'chroot', ...mounted, container, '--', ...words]);
      } finally {
        await attempt([...command, 'rm', container]);
      }
    },
    save: async (image, archive) => {
      // Buildah refuses to write over an archive.
      rmSync(archive, { force: true });
      await run([
        ...command,
        'push',
        '--quiet',
        image,
        `docker-archive:${archive}:docker.io/library/${image}`,
      ]);
    },
  };
}
