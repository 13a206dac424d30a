// Images by a Docker engine, also by old ones without BuildKit.
import { attempt, run } from '../kind/command.ts';
import type { Builder } from './builder.ts';

export function docker(): Builder {
  return {
    name: 'docker',
    idOf: async (image) => {
      const { code, stdout } = await attempt(['docker', 'image', 'inspect', '--format', '{{.Id}}', image]);
      return code === 0 ? stdout.trim() : undefined;
    },
    pull: async (image) =>
      (await attempt(['docker', 'pull', '--quiet', image], { timeoutMs: 600_000 })).code === 0,
    build: async ({ file, context, target, base, tag }) => {
      const chosen = [
        ...(target === undefined ? [] : ['--target', target]),
        ...(base === undefined ? [] : ['--build-arg', `BASE=${base}`]),
      ];
      // docker 20.10 has no BuildKit without a plug-in; the Dockerfile needs none.
      const env = { DOCKER_BUILDKIT: '0' };
      await run(['docker', 'build', '--quiet', ...chosen, '--tag', tag, '--file', file, context], { env });
    },
    run: async ({ image, volumes = {}, words: [entrypoint = '', ...words] }) => {
      const mounted = Object.entries(volumes).map(([from, to]) => `--volume=${from}:${to}`);
      const user = `--user=${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`;
      const once = ['docker', 'run', '--rm', '--network=none', user, ...mounted];
      return run([...once, `--entrypoint=${entrypoint}`, image, ...words]);
    },
    save: async (image, archive) => {
      await run(['docker', 'save', '--output', archive, image]);
    },
  };
}
