// What people are told before nodes that are in the way go.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { whyRemoved } from './remains.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'charter-remains-'));
  vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** An engine with these nodes of cluster home, a line with name and state for each, and of no other. */
function nodes(...states: readonly string[]): void {
  const lines = states.map((state) => `echo 'charter-home-${state}'`).join('\n');
  const script = `#!/bin/sh\ncase "$*" in *label=io.x-k8s.kind.cluster=charter-home\\ *) ${lines || ':'} ;; esac\n`;
  writeFileSync(join(folder, 'docker'), script);
  chmodSync(join(folder, 'docker'), 0o755);
}

test('nothing is told where nothing is in the way', async () => {
  nodes();
  expect(await whyRemoved({ name: 'home' })).toBeUndefined();
  nodes('control-plane running');
  expect(await whyRemoved({ name: 'remote-a' })).toBeUndefined();
});

test.each([
  [
    'stopped',
    ['control-plane exited', 'worker exited'],
    'charter-home-control-plane exited, charter-home-worker exited; nodes that do not run are not started again',
  ],
  [
    'stopped in part',
    ['control-plane running', 'worker paused'],
    'charter-home-worker paused; nodes that do not run are not started again',
  ],
  [
    'running and not whole',
    ['control-plane running', 'worker running'],
    'its creation did not end, or its nodes were started again',
  ],
])('a cluster that is %s is named with the reason', async (_, states, why) => {
  nodes(...states);
  expect(await whyRemoved({ name: 'home' })).toBe(`cluster home is removed and made anew: ${why}`);
});
