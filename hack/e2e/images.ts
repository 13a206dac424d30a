// The images that checks need, built where something that goes into them has changed.
import { baseImage } from '../image/base.ts';
import { build } from '../image/build.ts';
import { chooseBuilder } from '../image/builder.ts';
import { type Target, workFolder } from '../image/images.ts';
import { action } from '../kind/action.ts';

/** Tag of every image that the checks build; nothing else may use it. */
export const tag = 'e2e';

/** Paths of their docker-archives, in the order of `targets`. */
export async function archivesOf(targets: readonly Target[]): Promise<readonly string[]> {
  return action(`images ${targets.join(', ')}`, async () => {
    const builder = await chooseBuilder(workFolder('store'));
    return (await build({ builder, targets, tag })).map(({ archive }) => archive);
  });
}

/** Of what lies below all of them. */
export async function baseArchive(): Promise<string> {
  return (await baseImage(await chooseBuilder(workFolder('store')))).archive;
}
