// Small images of this machine's own programs: their files, the libraries they are linked with, and nothing else.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chooseBuilder } from '../image/builder.ts';
import { workFolder } from '../image/images.ts';
import { action } from '../kind/action.ts';
import { run, shell } from '../kind/command.ts';
import { inState } from '../kind/paths.ts';

export interface ScratchImage {
  /** With its tag. */
  readonly image: string;
  /** `COPY root/ /` and what follows; it starts from scratch. */
  readonly dockerfile: string;
  /** Another text where the content is another. */
  readonly inputs: string;
  /** Fills the folder that becomes the image's root. */
  readonly layOut: (root: string) => Promise<void>;
}

/** Path of the docker-archive; built where its inputs have changed. */
export async function archiveOfScratch({ image, dockerfile, inputs, layOut }: ScratchImage): Promise<string> {
  const name = image.replace(/:.*/, '');
  const archive = inState('images', `${name}.tar`);
  const stamp = `${archive}.inputs`;
  const stamped = `${dockerfile}${inputs}`;
  if (existsSync(archive) && existsSync(stamp) && readFileSync(stamp, 'utf8') === stamped) return archive;
  const context = workFolder(name);
  rmSync(context, { recursive: true, force: true });
  try {
    await action(`build ${image}`, async () => {
      mkdirSync(join(context, 'root'), { recursive: true });
      await layOut(join(context, 'root'));
      const file = join(context, 'Dockerfile');
      writeFileSync(file, `FROM scratch\n${dockerfile}`);
      const builder = await chooseBuilder(workFolder('store'));
      await builder.build({ file, context, tag: image });
      await builder.save(image, archive);
    });
    writeFileSync(stamp, stamped);
  } finally {
    rmSync(context, { recursive: true, force: true });
  }
  return archive;
}

/** Programs and shared objects, each with what it is linked with, at the paths they have here. */
export async function copyLinked(root: string, files: readonly string[]): Promise<void> {
  // As the linker finds them here; a scratch image has none of its own.
  const linked = await shell(`ldd ${files.join(' ')} | grep -oE '/[^ :]+\\.so[^ :]*' | sort -u`);
  const all = [...new Set([...files, ...linked.split('\n')])];
  await run(['cp', '--parents', '--dereference', '--target-directory', root, ...all]);
}
