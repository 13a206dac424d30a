// An archive is there whole or not at all.
import { renameSync, rmSync } from 'node:fs';
import type { Builder } from './builder.ts';

/** `record`: the file that tells what the archive was made from. It goes first: one that is left would tell it of the next. */
export async function saveWhole(
  builder: Pick<Builder, 'save'>,
  image: string,
  archive: string,
  record?: string,
): Promise<void> {
  const half = `${archive}.${process.pid}`;
  await builder.save(image, half);
  if (record !== undefined) rmSync(record, { force: true });
  renameSync(half, archive);
}
