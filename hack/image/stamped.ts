// Small images of tests: laid out, built and written as an archive, again only where what they are made of has changed.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { action } from '../kind/action.ts';
import { inState } from '../kind/paths.ts';
import { chooseBuilder } from './builder.ts';
import { workFolder } from './images.ts';
import { saveWhole } from './save.ts';

export interface StampedImage {
  /** With its tag. */
  readonly image: string;
  readonly dockerfile: string;
  /** Build argument BASE. */
  readonly base?: string;
  /** Another text where the content is another. */
  readonly inputs: string;
  /** Fills the context of the build, an empty folder. */
  readonly layOut: (context: string) => Promise<void>;
}

/** Path of the docker-archive. */
export async function stampedArchive(wish: StampedImage): Promise<string> {
  const { image, dockerfile, base, inputs, layOut } = wish;
  const name = image.replace(/:.*/, '');
  const archive = inState('images', `${name}.tar`);
  const stamp = `${archive}.inputs`;
  const stamped = `${dockerfile}${inputs}`;
  if (existsSync(archive) && existsSync(stamp) && readFileSync(stamp, 'utf8') === stamped) return archive;
  const context = workFolder(`${name}.${process.pid}`);
  try {
    await action(`build ${image}`, async () => {
      mkdirSync(context, { recursive: true });
      await layOut(context);
      const file = join(context, 'Dockerfile');
      writeFileSync(file, dockerfile);
      const builder = await chooseBuilder(workFolder('store'));
      await builder.build({ file, context, tag: image, ...(base === undefined ? {} : { base }) });
      await saveWhole(builder, image, archive, stamp);
    });
    writeFileSync(stamp, stamped);
  } finally {
    rmSync(context, { recursive: true, force: true });
  }
  return archive;
}
