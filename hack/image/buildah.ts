// Images by Buildah, in a store of this checkout: no daemon, nothing of the user's own images touched, removed with its folder.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { attempt, run } from '../kind/command.ts';
import type { Builder } from './builder.ts';
import { workFolder } from './images.ts';

export function buildahCommand(store: string): readonly string[] {
  const folders = ['--root', join(store, 'images'), '--runroot', join(store, 'run')];
  // vfs copies where overlay would mount: slower by a second, but it works in every container and for every user.
  return ['buildah', '--storage-driver', 'vfs', ...folders];
}

const ownName = /^charter-run-(\d+)-/;
let made = 0;

/** Buildah's own place for big files, with ours as all others: a sweep finds there what a killed one left. */
async function withTemporary<Result>(
  work: (env: Readonly<Record<string, string>>) => Promise<Result>,
): Promise<Result> {
  made += 1;
  const TMPDIR = workFolder('tmp', `${made}.${process.pid}`);
  mkdirSync(TMPDIR);
  try {
    return await work({ TMPDIR });
  } finally {
    rmSync(TMPDIR, { recursive: true, force: true });
  }
}

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
    pull: (image) =>
      withTemporary(
        async (env) => (await attempt([...command, 'pull', image], { env, timeoutMs: 600_000 })).code === 0,
      ),
    build: async ({ file, context, target, base, tag }) => {
      // --timestamp fixes the times of the image and of every file in it. The layers of ours are one: together they are 4 MB.
      // The history would name the stage below as the store happens to know it, by tag or by id.
      const fixed = ['bud', '--isolation', 'chroot', '--timestamp', '0', '--omit-history', '--pull-never'];
      const chosen = [
        ...(target === undefined ? [] : ['--target', target]),
        ...(base === undefined ? [] : ['--build-arg', `BASE=${base}`]),
      ];
      const words = [...fixed, ...chosen, '--tag', tag, '--file', file, context];
      await withTemporary((env) => run([...command, ...words], { env }));
      // What had the tag before would stay, whole, for ever.
      await attempt([...command, 'rmi', '--prune']);
    },
    run: async ({ image, volumes = {}, words }) => {
      made += 1;
      const name = `charter-run-${process.pid}-${made}`;
      const container = await run([...command, 'from', '--pull-never', '--name', name, image]);
      const mounted = Object.entries(volumes).map(([from, to]) => `--volume=${from}:${to}`);
      try {
        const inside = ['run', '--isolation', 'chroot', ...mounted, container, '--', ...words];
        return await withTemporary((env) => run([...command, ...inside], { env }));
      } finally {
        await attempt([...command, 'rm', container]);
      }
    },
    save: async (image, archive) => {
      // Buildah refuses to write over an archive.
      rmSync(archive, { force: true });
      const words = ['push', '--quiet', image, `docker-archive:${archive}:docker.io/library/${image}`];
      await withTemporary((env) => run([...command, ...words], { env }));
    },
  };
}
