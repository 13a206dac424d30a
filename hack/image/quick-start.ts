// What every start of a run waits for, made to load quicker: for each module Node needs the better part of a millisecond, and the packages
// have 170 where one file would do. What they do stays as it is.
import { globSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'rolldown';

/** In every language of the world, while the runner speaks English. */
const languages = { path: 'zod/v4/locales/index.js', instead: "export { default as en } from './en.js';\n" };

/** Front doors, below node_modules. */
const frontDoors = [
  { path: 'zod/index.js', format: 'esm' },
  { path: 'yaml/dist/index.js', format: 'cjs' },
] as const;

/** What Node adds where it shows a CommonJS module as an ES module. */
const added = ['default', 'module.exports'];

/** `packages`: folder of a node_modules that holds them. */
export async function quickStart(packages: string): Promise<void> {
  writeFileSync(join(packages, languages.path), languages.instead);
  await inOneFile(packages);
}

async function inOneFile(packages: string): Promise<void> {
  for (const { path, format } of frontDoors) {
    const [name = ''] = path.split('/');
    const door = join(packages, path);
    const input = join(packages, name, 'entry.mjs');
    // The names one by one: of `export *` a CommonJS file would show none to who imports it.
    const seen = Object.keys(await import(door));
    const names = format === 'cjs' ? seen.filter((one) => !added.includes(one)) : seen;
    writeFileSync(
      input,
      `export { ${names.join(', ')} } from ${JSON.stringify(`./${path.slice(name.length + 1)}`)};\n`,
    );
    const output = { file: `${input}.one`, format };
    await build({ input, cwd: packages, platform: 'node', logLevel: 'warn', output });
    renameSync(`${input}.one`, door);
    for (const other of globSync('**/*.{js,mjs,cjs}', { cwd: join(packages, name) }))
      if (join(name, other) !== path) rmSync(join(packages, name, other));
  }
}
