// Proves that a Docker engine, which builds where Buildah is not installed, makes the same image.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { action } from '../kind/action.ts';
import { attempt, run } from '../kind/command.ts';
import { temporaryFolder } from '../kind/temporary.ts';
import { savedImage } from './archive.ts';
import { type Built, orderOf } from './build.ts';
import { contentsAbove, differences } from './contents.ts';
import { docker } from './docker.ts';
import { nameOf } from './images.ts';

/** `built`: by Buildah, and its tree is still laid out. One line that says what was proven, or that nothing was. */
export async function compareWithDocker(built: Built): Promise<string> {
  if ((await attempt(['docker', 'version'], { timeoutMs: 15_000 })).code !== 0)
    return `${built.image} was NOT compared with docker: no Docker engine answers (make engine)`;
  const folder = temporaryFolder('by-docker');
  try {
    const archive = join(folder, 'image.tar');
    await action(`build ${nameOf[built.target]} by docker`, () => archiveOfDocker(built, archive));
    const base = built.base.archive;
    const byBuildah = await contentsAbove({ image: built.archive, base }, join(folder, 'buildah'));
    const byDocker = await contentsAbove({ image: archive, base }, join(folder, 'docker'));
    const found = differences({ Buildah: byBuildah, docker: byDocker });
    if (found.length > 0)
      throw new Error(`${built.image} by docker is another than by Buildah:\n  ${found.join('\n  ')}`);
    return `docker and Buildah make the same of ${built.image}: ${byDocker.size} paths and settings`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The engine keeps nothing of it, and of the base only the names it had before. */
async function archiveOfDocker({ target, base }: Built, archive: string): Promise<void> {
  const engine = docker();
  const tag = `${nameOf[target]}:by-docker-${process.pid}`;
  const { names } = await savedImage(base.archive);
  const had = await Promise.all(names.map(engine.idOf));
  const added = [tag, ...names.filter((_, i) => had[i] === undefined)];
  try {
    if (had[0] === undefined) await run(['docker', 'load', '--quiet', '--input', base.archive]);
    await engine.build(orderOf(target, names[0] ?? base.image, tag));
    await engine.save(tag, archive);
  } finally {
    await attempt(['docker', 'rmi', ...added]);
  }
}
