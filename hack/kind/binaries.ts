// The command line tools the harness runs: kind and helm in their pinned versions, kubectl as the nodes have it.
import {
  chmodSync,
  copyFileSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { attempt, run } from './command.ts';
import { inState, label } from './paths.ts';
import { temporaryFolder } from './temporary.ts';
import { build, modules } from './tools.ts';

const pinned = {
  kind: { module: modules.kind, version: /v0\.33\./, ask: ['kind', 'version'] },
  helm: { module: modules.helm, version: /v4\.3\./, ask: ['helm', 'version', '--short'] },
} as const;

/** Path of the tool: the system's when it is the pinned version, else built from the Go module proxy. */
export async function tool(name: keyof typeof pinned): Promise<string> {
  const { module, version, ask } = pinned[name];
  const own = await attempt(ask);
  if (own.code === 0 && version.test(own.stdout)) return name;
  return join(await build(module), name);
}

/** kubectl of exactly the version of the node image, copied out of it once. */
export async function kubectl(nodeImage?: string): Promise<string> {
  const path = inState('bin', 'kubectl');
  const origin = `${path}.origin`;
  if (nodeImage === undefined) return path;
  if (existsSync(path) && existsSync(origin) && readFileSync(origin, 'utf8') === nodeImage) return path;
  // A sweep leaves the container alone while this folder's maker lives.
  const folder = temporaryFolder('kubectl');
  const copied = join(folder, 'kubectl');
  const half = `${path}.${process.pid}`;
  try {
    const container = await run(['docker', 'create', '--label', `${label}=build`, nodeImage]);
    try {
      await run(['docker', 'cp', `${container}:/usr/bin/kubectl`, copied]);
    } finally {
      await run(['docker', 'rm', '--force', '--volumes', container]);
    }
    copyFileSync(copied, half);
    chmodSync(half, 0o755);
    renameSync(half, path);
    writeFileSync(origin, nodeImage);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return path;
}
