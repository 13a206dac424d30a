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
import { build, isBuilt, type Module, modules } from './tools.ts';

interface Pinned {
  readonly module: Module;
  /** Major and minor. */
  readonly version: string;
  readonly ask: readonly string[];
}

export const pinned = {
  kind: { module: modules.kind, version: '0.33', ask: ['kind', 'version'] },
  helm: { module: modules.helm, version: '4.3', ask: ['helm', 'version', '--short'] },
} as const satisfies Readonly<Record<string, Pinned>>;

export type ToolName = keyof typeof pinned;

/** Path of the tool: the system's when it is the pinned version, else built from the Go module proxy. */
export async function tool(name: ToolName): Promise<string> {
  if (await isInstalled(name)) return name;
  return join(await build(pinned[name].module), name);
}

/** Whether nothing needs to be built before it can be run. */
export async function isAtHand(name: ToolName, timeoutMs?: number): Promise<boolean> {
  return isBuilt(pinned[name].module) || (await isInstalled(name, timeoutMs));
}

async function isInstalled(name: ToolName, timeoutMs?: number): Promise<boolean> {
  const { version, ask } = pinned[name];
  const own = await attempt(ask, timeoutMs === undefined ? {} : { timeoutMs });
  return own.code === 0 && own.stdout.includes(`v${version}.`);
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
