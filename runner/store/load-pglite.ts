// PGlite is for laptops: the image of the runner leaves it out, and says so instead of naming a module that it did not find.
import { CharterError } from '../errors/index.ts';

type PGliteModule = typeof import('@electric-sql/pglite');

/** `name` is the store that was asked for. Throws CHR_STORE where PGlite is not installed. */
export async function loadPGlite(
  name: string,
  load: () => Promise<PGliteModule> = () => import('@electric-sql/pglite'),
): Promise<PGliteModule['PGlite']> {
  try {
    return (await load()).PGlite;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new CharterError(
      'CHR_STORE',
      `The store ${name} is a folder, and this installation cannot open one: PGlite is left out.`,
      {
        hint: 'Name a Postgres: store.mode: postgres in charter.yaml, or --store <file with a postgres:// URL>. To read a folder, run it from a checkout.',
        cause,
      },
    );
  }
}
