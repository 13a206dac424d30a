// Small images of this machine's own programs: their files, the libraries they are linked with, and nothing else.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type StampedImage, stampedArchive } from '../image/stamped.ts';
import { run, shell } from '../kind/command.ts';

export interface ScratchImage extends Omit<StampedImage, 'base' | 'layOut'> {
  /** `COPY root/ /` and what follows; it starts from scratch. */
  readonly dockerfile: string;
  /** Fills the folder that becomes the image's root. */
  readonly layOut: (root: string) => Promise<void>;
}

/** Path of the docker-archive; built where its inputs have changed. */
export function archiveOfScratch({ dockerfile, layOut, ...image }: ScratchImage): Promise<string> {
  return stampedArchive({
    ...image,
    dockerfile: `FROM scratch\n${dockerfile}`,
    layOut: async (context) => {
      const root = join(context, 'root');
      mkdirSync(root);
      await layOut(root);
    },
  });
}

/** Programs and shared objects, each with what it is linked with, at the paths they have here. */
export async function copyLinked(root: string, files: readonly string[]): Promise<void> {
  // As the linker finds them here; a scratch image has none of its own.
  const linked = await shell(`ldd ${files.join(' ')} | grep -oE '/[^ :]+\\.so[^ :]*' | sort -u`);
  const all = [...new Set([...files, ...linked.split('\n')])];
  await run(['cp', '--parents', '--dereference', '--target-directory', root, ...all]);
}
