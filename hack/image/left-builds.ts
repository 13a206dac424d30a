// What killed builds left in Buildah's store of this checkout: working containers, each a whole copy of its image, and images whose
// name another has taken.
import { existsSync } from 'node:fs';
import { attempt } from '../kind/command.ts';
import { isLivingHarness, processes } from '../kind/processes.ts';
import { buildahCommand, makerOf } from './buildah.ts';
import { workFolder } from './images.ts';

/** One line for each that was removed. What a living build works in stays. */
export async function removeLeftBuilds(): Promise<readonly string[]> {
  const store = workFolder('store');
  if (!existsSync(store) || isInUse(store)) return [];
  const buildah = buildahCommand(store);
  const listed = await attempt([...buildah, 'containers', '--noheading', '--format', '{{.ContainerName}}']);
  const left = listed.stdout.split('\n').filter((name) => name !== '' && !isMadeByLiving(name));
  for (const name of left) await attempt([...buildah, 'rm', name]);
  const pruned = await attempt([...buildah, 'rmi', '--prune']);
  return [
    ...left.map((name) => `working container ${name}`),
    ...pruned.stdout
      .split('\n')
      .filter(Boolean)
      .map((id) => `image ${id.slice(0, 12)} without a name`),
  ];
}

function isInUse(store: string): boolean {
  return processes().some(
    ({ words: [program = '', ...words] }) =>
      program.endsWith('buildah') && words.some((word) => word.startsWith(store)),
  );
}

function isMadeByLiving(name: string): boolean {
  const maker = makerOf(name);
  return maker !== undefined && isLivingHarness(maker);
}
