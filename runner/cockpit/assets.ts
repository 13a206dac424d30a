// The stylesheet and the script, read once. Their names carry a hash of what they hold, so that browsers may keep them for ever.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Asset {
  readonly path: string;
  readonly type: string;
  readonly text: string;
}

/** `parts` are files of assets/, one after the other: a browser asks once. */
function asset(name: string, type: string, parts: readonly string[]): Asset {
  const text = parts.map((file) => readFileSync(join(import.meta.dirname, 'assets', file), 'utf8')).join('');
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 12);
  return { path: `/assets/${name.replace('.', `-${hash}.`)}`, type, text };
}

/** The stylesheet under a name that stays, for pages that show the fragment and cannot know the hash. */
export const lastingStylePath = '/assets/cockpit.css';

export const assets = {
  style: asset('cockpit.css', 'text/css; charset=utf-8', [
    'theme.css',
    'frame.css',
    'plots.css',
    'lists.css',
  ]),
  script: asset('cockpit.mjs', 'text/javascript; charset=utf-8', ['cockpit.mjs']),
} as const;
