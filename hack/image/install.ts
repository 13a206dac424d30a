// The production packages as npm installs them from the lock file, each checked against its hash, in a folder of their own.
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { action } from '../kind/action.ts';
import { run } from '../kind/command.ts';
import { projectRoot } from '../kind/paths.ts';
import { workFolder } from './images.ts';

const flags = [
  '--omit=dev',
  '--omit=optional',
  '--ignore-scripts',
  '--no-audit',
  '--no-fund',
  '--loglevel=error',
];
const inputs = ['package.json', 'package-lock.json'];

/** The node_modules folder. npm takes the registry, proxy and certificates this machine is set to; none of them is written there. */
export async function installProduction(): Promise<string> {
  const hash = createHash('sha256');
  for (const name of inputs) hash.update(readFileSync(join(projectRoot, name)));
  const folder = workFolder('packages', hash.digest('hex').slice(0, 12));
  if (!existsSync(folder)) {
    const half = `${folder}.${process.pid}`;
    mkdirSync(half);
    try {
      for (const name of inputs) copyFileSync(join(projectRoot, name), join(half, name));
      await action('install the production packages', () => run(['npm', 'ci', ...flags], { cwd: half }));
      renameSync(half, folder);
    } finally {
      rmSync(half, { recursive: true, force: true });
    }
  }
  return join(folder, 'node_modules');
}
