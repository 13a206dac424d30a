// Imports, in a process of its own, what the processes of a run import. Node writes the compile cache when it ends.
import { globSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

const tree = process.argv[2] ?? '';
// Portable: found again wherever the tree lies, as long as the cache lies in it.
enableCompileCache({ directory: join(tree, 'compiled'), portable: true });
// cli/main.ts acts on these, and its help is of no use here.
process.argv = [process.execPath, 'charter', '--help'];
process.stdout.write = () => true;
process.stderr.write = () => true;

/** Once imported, it asks its peers for ever. */
const endless = 'runner/network/probe/main.ts';
const files = [
  ...sorted('runner/**/*.{ts,mjs}').filter((path) => path !== endless),
  'node_modules/vitest/dist/index.js',
  'node_modules/vitest/dist/worker.js',
  ...sorted(
    'node_modules/vitest/dist/chunks/{base,init,nativeModuleRunner,node,run,setup-common,utils,rpc}.*.js',
  ),
  ...sorted('suites/**/*.ts'),
];
for (const file of files) {
  // Worker modules and campaigns refuse to run here; by then they are compiled, with all they import.
  await import(join(tree, file)).catch(() => {});
}
process.exit(0);

function sorted(pattern: string): string[] {
  return globSync(pattern, { cwd: tree }).toSorted();
}
