// The short form of campaign TEN: the two-cluster flow, three kill points, drift, deletion. The whole is hack/tenants/main.ts.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { projectRoot } from '../../kind/paths.ts';

/** Of both tests together, their scene included; so no test may take longer alone. */
const promisedMs = 480_000;
let spentMs = 0;

/** Exit code and standard output; stderr is shown as it comes. */
async function program(
  file: string,
  ...words: readonly string[]
): Promise<{ code: number; lines: string[] }> {
  const path = join(projectRoot, 'hack', 'tenants', file);
  const start = performance.now();
  const child = spawn(process.execPath, ['--no-warnings', path, ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
  const output = await text(child.stdout);
  const code = await ended;
  spentMs += performance.now() - start;
  return { code, lines: output.split('\n') };
}

test(
  'K60 K63 the two-cluster flow says each step in its order, and ends well only after the last',
  async () => {
    const { code, lines } = await program('two-clusters.ts');
    const steps = [
      'workspace namespace created',
      'helm install success',
      'tenant phase is Ready on remote cluster',
      'e2e passed',
    ];
    const places = steps.map((step) => lines.findIndex((line) => line.includes(step)));
    expect(places, lines.join('\n')).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(code).toBe(0);
  },
  promisedMs,
);

test(
  'Tenants survive kills, are kept from drifting, and leave nothing behind; with the flow within 8 minutes',
  async () => {
    const { code, lines } = await program('main.ts', '--tag', 'short');
    expect(lines.join('\n')).toMatch(/SUMMARY tests=4 pass=4 fail=0 err=0 skip=0/);
    expect(code).toBe(0);
    expect(spentMs, 'milliseconds of the short form: the two-cluster flow and these').toBeLessThanOrEqual(
      promisedMs,
    );
  },
  promisedMs,
);
