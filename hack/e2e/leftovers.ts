// What killed harnesses leave on a machine, looked for without what the sweep itself goes by, where that can be.
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { buildahCommand } from '../image/buildah.ts';
import { workFolder } from '../image/images.ts';
import { run } from '../kind/command.ts';
import { kindName } from '../kind/declaration.ts';
import { listed, nodeLabel } from '../kind/idle.ts';
import { inState, label } from '../kind/paths.ts';
import { orphans } from '../kind/processes.ts';
import { temporaryPattern } from '../kind/temporary.ts';

/** `clusters`: names of those that were killed. */
export async function leftovers(clusters: readonly string[]) {
  const living = readdirSync('/proc');
  const isDead = (pid: string | undefined) => pid !== undefined && !living.includes(pid);
  const labels = [...clusters.map((name) => `${nodeLabel}=${kindName(name)}`), `${label}=build`];
  const containers = labels.map((one) => listed(['ps', '-aq', '--filter', `label=${one}`]));
  const unnamed = ['--filter', 'dangling=true'];
  return {
    containers: (await Promise.all(containers)).flat(),
    networks: await listed(['network', 'ls', '-q', '--filter', `label=${label}=network`]),
    volumes: (await listed(['volume', 'ls', '-q', ...unnamed])).length,
    images: await listed(['images', '-q', ...unnamed, '--filter', `label=${label}=image`]),
    folders: readdirSync(tmpdir()).filter((name) => isDead(temporaryPattern.exec(name)?.[1])),
    big: readdirSync('/var/tmp'),
    halves: ['bin', 'images', 'image', 'image/bases', 'image/tmp']
      .flatMap((folder) => readdirSync(inState(folder, '.')))
      .filter((name) => isDead(/\.(\d+)$/.exec(name)?.[1])),
    processes: orphans().map(({ words }) => words.join(' ')),
    ...(await inStore()),
  };
}

async function inStore() {
  const buildah = buildahCommand(workFolder('store'));
  return {
    working: await run([...buildah, 'containers', '--quiet']),
    unnamed: await run([...buildah, 'images', '--quiet', '--filter', 'dangling=true']),
  };
}
