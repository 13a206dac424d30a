// A node without a cluster, which images can be loaded into in two seconds, and what bakes another from its image.
import { appendFileSync, cpSync, globSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { attempt, run } from '../kind/command.ts';
import { nodeImage } from '../kind/node-image/index.ts';
import { projectRoot } from '../kind/paths.ts';
import { temporaryFolder } from '../kind/temporary.ts';
import { eventually } from './eventually.ts';

export interface LoneNode {
  /** Of its container. */
  readonly name: string;
  readonly image: string;
  /** Path of a module that gives `bake`. */
  readonly bakery: string;
  /** Commands that import an image now. */
  readonly imports: () => Promise<readonly string[]>;
  readonly remove: () => Promise<void>;
}

const name = 'charter-lone-node';

export async function loneNode(): Promise<LoneNode> {
  const { image } = await nodeImage();
  const remove = () => attempt(['docker', 'rm', '--force', '--volumes', name]);
  await remove();
  const room = ['--privileged', '--tmpfs', '/tmp', '--volume', '/held'];
  // Should this process be killed, it goes by itself.
  await run(['docker', 'run', '--rm', '-d', ...room, '--name', name, '--entrypoint', 'sleep', image, '900']);
  await run(['docker', 'exec', '-d', '--privileged', name, 'containerd', '--root', '/held']);
  await eventually('its runtime answers', { within: 20 }, async () =>
    (await attempt(['docker', 'exec', name, 'ctr', 'version'])).code === 0 ? {} : undefined,
  );
  const folder = temporaryFolder('bakery');
  return {
    ...{ name, image, bakery: bakeryIn(folder) },
    imports: async () =>
      (await attempt(['docker', 'exec', name, 'pgrep', '-fl', 'ctr.*import'])).stdout
        .split('\n')
        .filter(Boolean),
    remove: async () => {
      await remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A copy of the harness whose baking can be called: one word more in the original would be another image for every node. */
function bakeryIn(folder: string): string {
  cpSync(join(projectRoot, 'hack'), join(folder, 'hack'), { recursive: true });
  for (const shared of ['node_modules', 'package.json'])
    symlinkSync(join(projectRoot, shared), join(folder, shared));
  const isBakery = (path: string) => /^async function bake\(/m.test(readFileSync(path, 'utf8'));
  const bakery = globSync(join(folder, 'hack/kind/node-image/**/*.ts')).find(isBakery);
  if (bakery === undefined) throw new Error('no module below hack/kind/node-image bakes');
  appendFileSync(bakery, 'export { bake };\n');
  return bakery;
}
