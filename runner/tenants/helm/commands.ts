// What the operator asks of Helm, each as one command line. Nothing secret stands in it.
import { z } from 'zod';
import { CharterError } from '../../errors/index.ts';
import { chartDigestLabel, fingerprintLabel, labelOf, tenantLabel } from '../names.ts';
import { callHelm, type HelmResult } from './process.ts';

/** Where and as whom a release is written. */
export interface ReleaseAt {
  readonly release: string;
  readonly workspace: string;
  /** Of the target cluster, for Helm to read; the identity of the workspace is in it. */
  readonly kubeconfig: string;
}

export interface Rollout extends ReleaseAt {
  /** Path of the chart's archive. */
  readonly chart: string;
  readonly values: object;
  readonly fingerprint: string;
  readonly chartDigest: string;
  /** uid of the Tenant. */
  readonly tenant: string;
  readonly timeoutMs: number;
}

export interface HelmOptions {
  readonly binary: string;
  readonly signal: AbortSignal;
  /** One per call that has ended. */
  readonly onCall?: (verb: HelmVerb, outcome: 'done' | 'failed', ms: number) => void;
}

export const helmVerbs = ['install', 'upgrade', 'rollback', 'uninstall', 'test'] as const;
export type HelmVerb = (typeof helmVerbs)[number];

/** Revisions that Helm keeps: the one that runs, the one to go back to, and what failed between them. */
const historyMax = '5';

/** Of a release that was rolled out: its revision, as Helm says it; undefined where Helm said more than is kept of its output. */
export type Revision = number | undefined;

/**
 * Applied by the server, which refuses fields that it does not know. What the last flag leaves out is the download of the cluster's OpenAPI documents,
 * only to learn that it does: half of the processor time of a call. Whoever edited a field owns it; a rollout takes it back.
 */
const applied = ['--server-side=true', '--force-conflicts', '--disable-openapi-validation'];

export function installRelease(rollout: Rollout, options: HelmOptions): Promise<Revision> {
  return roll('install', rollout, applied, options);
}

export function upgradeRelease(rollout: Rollout, options: HelmOptions): Promise<Revision> {
  return roll('upgrade', rollout, ['--history-max', historyMax, '--reset-values', ...applied], options);
}

export async function rollbackRelease(
  at: ReleaseAt & { readonly revision: number; readonly timeoutMs: number },
  options: HelmOptions,
): Promise<void> {
  const args = [at.release, String(at.revision), '--wait', '--force-conflicts', '--history-max', historyMax];
  await helm('rollback', at, [...args, '--timeout', seconds(at.timeoutMs)], options);
}

export async function uninstallRelease(
  at: ReleaseAt & { readonly timeoutMs: number; readonly hooks: 'run' | 'skip' },
  options: HelmOptions,
): Promise<void> {
  const args = [at.release, '--ignore-not-found', '--wait', '--timeout', seconds(at.timeoutMs)];
  await helm('uninstall', at, at.hooks === 'run' ? args : [...args, '--no-hooks'], options);
}

export async function testRelease(
  at: ReleaseAt & { readonly timeoutMs: number },
  options: HelmOptions,
): Promise<void> {
  await helm('test', at, [at.release, '--timeout', seconds(at.timeoutMs)], options);
}

async function roll(
  verb: 'install' | 'upgrade',
  rollout: Rollout,
  more: readonly string[],
  options: HelmOptions,
): Promise<Revision> {
  const labels = [
    `${fingerprintLabel}=${labelOf(rollout.fingerprint)}`,
    `${chartDigestLabel}=${labelOf(rollout.chartDigest)}`,
    `${tenantLabel}=${rollout.tenant}`,
  ];
  const args = [rollout.release, rollout.chart, '--wait', '--timeout', seconds(rollout.timeoutMs)];
  args.push('--labels', labels.join(','), '--output', 'json', ...more);
  const said = await helm(verb, { ...rollout, values: JSON.stringify(rollout.values) }, args, options);
  const made = madeOf(said);
  if (made !== undefined && made.info.status !== 'deployed')
    throw new CharterError('CHR_HELM', `helm ${verb} ${rollout.release}: it ended as ${made.info.status}`);
  return made?.version;
}

/** As much of Helm's JSON as is needed. */
const madeShape = z.object({ version: z.int(), info: z.object({ status: z.string() }) });

function madeOf(stdout: string): z.infer<typeof madeShape> | undefined {
  try {
    return madeShape.parse(JSON.parse(stdout));
  } catch {
    return undefined;
  }
}

async function helm(
  verb: HelmVerb,
  at: ReleaseAt & { readonly timeoutMs: number; readonly values?: string },
  args: readonly string[],
  { binary, signal, onCall }: HelmOptions,
): Promise<string> {
  const begun = performance.now();
  const result = await callHelm({
    binary,
    args: [verb, ...args, '--namespace', at.workspace],
    kubeconfig: at.kubeconfig,
    ...(at.values === undefined ? {} : { values: at.values }),
    signal,
    // Helm's own limit counts each step (hooks, waiting) anew.
    deadlineMs: at.timeoutMs * 3 + 30_000,
  });
  const isDone = result.code === 0 && result.ended === 'by itself';
  onCall?.(verb, isDone ? 'done' : 'failed', performance.now() - begun);
  signal.throwIfAborted();
  if (!isDone) throw new CharterError('CHR_HELM', `helm ${verb} ${at.release}: ${saying(result)}`);
  return result.stdout;
}

/** Helm's own last line, without the levels of its own wrapping; as long as it is, since what is secret in it is found before it is cut. */
function saying({ stderr, ended, code }: HelmResult): string {
  if (ended === 'deadline') return 'did not end in time';
  const lines = stderr
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^(level=|I\d{4} |W\d{4} )/.test(line));
  const told = lines.findLast((line) => line.startsWith('Error:')) ?? lines.at(-1) ?? `exit code ${code}`;
  return told.replace(/^Error: /, '');
}

function seconds(ms: number): string {
  return `${Math.max(1, Math.round(ms / 1000))}s`;
}
