// Where the harness keeps things: what belongs to a checkout under .kind/, what any checkout can use again in the user's cache.
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export const projectRoot = join(import.meta.dirname, '..', '..');

/** Kubeconfigs, tools and reports of this checkout; tests of whole programs give them a folder of their own. */
export const stateFolder = process.env.CHARTER_KIND_STATE ?? join(projectRoot, '.kind');

/** Built binaries, by the hash of what they were built from. */
export const cacheFolder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'charter-runner');

/** Every container, network and image of the harness carries it. */
export const label = 'charter-runner.harness';

/** The path below `.kind/`; its folder exists. */
export function inState(...parts: readonly string[]): string {
  mkdirSync(join(stateFolder, ...parts.slice(0, -1)), { recursive: true });
  return join(stateFolder, ...parts);
}
