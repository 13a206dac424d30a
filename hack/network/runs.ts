// Runs of `charter network run` as processes, and what they left: verdicts, times, and what the API server wrote down meanwhile.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type JournalEvent, readJournal } from '../../runner/journal/index.ts';
import { type Report, readReport } from '../e2e/results.ts';
import { auditOf } from '../kind/audit.ts';
import { kubectl } from '../kind/binaries.ts';
import { attempt, type CommandEnd } from '../kind/command.ts';
import { projectRoot } from '../kind/paths.ts';
import { execsIn, unaccounted } from './audited.ts';
import type { NetworkScene } from './scene.ts';

export interface StepLine {
  readonly step: string;
  readonly verdict: 'pass' | 'fail' | 'error';
  readonly durationMs: number;
  readonly judged: number;
  readonly standIns: number;
  readonly transients: number;
  readonly latency?: {
    readonly cells: number;
    readonly p50: number;
    readonly p95: number;
    readonly max: number;
  };
  readonly writes: readonly {
    readonly verb: string;
    readonly kind: string;
    readonly namespace?: string;
    readonly name: string;
    readonly purpose: string;
    readonly touches?: readonly string[];
  }[];
  readonly pairs: readonly (readonly [from: string, to: string, port: string, ms: number])[];
}

export interface NetworkRun {
  readonly code: number;
  readonly report: Report;
  readonly events: readonly JournalEvent[];
  readonly steps: readonly StepLine[];
  readonly seconds: number;
  /** Of anybody meanwhile, by the audit log of the API server. */
  readonly execs: number;
  /** Where the run and the audit log do not tell the same of its writes. */
  readonly unaccounted: readonly string[];
}

/** Output of the run goes to stderr as it comes. */
export async function networkRun(scene: NetworkScene, ...flags: readonly string[]): Promise<NetworkRun> {
  const folder = mkdtempSync(join(tmpdir(), 'charter-network-e2e-'));
  const start = performance.now();
  try {
    const audited = await auditOf(scene.controlPlane);
    const words = ['network', 'run', ...placeOf(scene), '--out', folder, ...flags];
    const code = await charter(words);
    const named = (ending: string) => readdirSync(folder).findLast((name) => name.endsWith(ending));
    const file = named('.xml') ?? '';
    const details = named('.network.ndjson');
    // A run without a world has judged no step.
    const lines =
      details === undefined ? [] : readFileSync(join(folder, details), 'utf8').split('\n').filter(Boolean);
    const steps = lines.map((line) => JSON.parse(line) as StepLine);
    const calls = await audited();
    return {
      code,
      report: readReport(file, readFileSync(join(folder, file), 'utf8')),
      events: readJournal(join(folder, named('.jsonl') ?? '')).events,
      steps,
      seconds: (performance.now() - start) / 1_000,
      execs: execsIn(calls),
      unaccounted: unaccounted(calls, steps),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const main = join(projectRoot, 'runner', 'cli', 'charter.mjs');

/** What `charter network detect --prove` says of the scene's cluster, and how it ends. */
export function proof(scene: NetworkScene, ...flags: readonly string[]): Promise<CommandEnd> {
  const words = ['network', 'detect', '--prove', ...placeOf(scene), ...flags];
  return attempt([process.execPath, '--no-warnings', main, ...words]);
}

function placeOf({ kubeconfig, image }: NetworkScene): readonly string[] {
  return ['--kubeconfig', kubeconfig, '--image', image, '--pull-policy', 'Never'];
}

function charter(words: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, ['--no-warnings', main, ...words], {
    cwd: projectRoot,
    stdio: ['ignore', 2, 2],
  });
  return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
}

/** Namespaces of worlds that are still there. */
export async function leftBehind({
  kubeconfig,
}: Pick<NetworkScene, 'kubeconfig'>): Promise<readonly string[]> {
  const words = ['get', 'namespaces', '--selector', 'charter-runner.harness=network', '--output', 'name'];
  const { stdout } = await attempt([await kubectl(), '--kubeconfig', kubeconfig, ...words]);
  return stdout.split('\n').filter((line) => line !== '');
}

/** `namespace/name` of NetworkPolicies in namespaces of worlds. */
export async function policiesOfWorlds({
  kubeconfig,
}: Pick<NetworkScene, 'kubeconfig'>): Promise<readonly string[]> {
  const path = '{range .items[*]}{.metadata.namespace}/{.metadata.name}{"\\n"}{end}';
  const words = ['get', 'networkpolicies', '--all-namespaces', '--output', `jsonpath=${path}`];
  const { stdout } = await attempt([await kubectl(), '--kubeconfig', kubeconfig, ...words]);
  return stdout.split('\n').filter((line) => line.startsWith('charter-net-'));
}
