// Fills the tree's compile cache: an empty one costs a Pod a third more processor time at its start, and /tmp of a Pod is always empty.
import { join } from 'node:path';
import type { Builder } from './builder.ts';

/** The same tree gives the same bytes: V8's seed is fixed, one thread works, and there is so much room that nothing is collected. */
const alwaysTheSame = [
  '--predictable',
  '--random-seed=1',
  '--min-semi-space-size=256',
  '--max-semi-space-size=256',
];

/** Inside the base, because another version of Node would not take the cache, and at /app, because the path goes into every entry. */
export async function fillCompileCache(builder: Builder, base: string, tree: string): Promise<void> {
  await builder.run({
    image: base,
    volumes: { [tree]: '/app', [join(import.meta.dirname, 'warm.ts')]: '/build/warm.ts' },
    words: ['/usr/local/bin/node', ...alwaysTheSame, '--no-warnings', '/build/warm.ts', '/app'],
  });
}
