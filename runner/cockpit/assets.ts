// The stylesheet and the script, read once. Their names carry a hash of what they hold, so that browsers may keep them for ever.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Asset {
  readonly path: string;
  readonly type: string;
  readonly text: string;
}

function asset(file: string, type: string): Asset {
  const text = readFileSync(join(import.meta.dirname, 'assets', file), 'utf8');
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 12);
  return { path: `/assets/${file.replace('.', `-${hash}.`)}`, type, text };
}

export const assets = {
  style: asset('cockpit.css', 'text/css; charset=utf-8'),
  script: asset('cockpit.mjs', 'text/javascript; charset=utf-8'),
} as const;
