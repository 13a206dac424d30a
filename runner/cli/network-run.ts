// `charter network run`: campaign NET against one cluster, as an ordinary run with its journal, JUnit, SUMMARY and retries.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Command, InvalidArgumentError } from 'commander';
import { stringify } from 'yaml';
import { shippedSuites, warmWorker } from '../execution/index.ts';
import type { ClusterAddress } from '../network/index.ts';
import { codeAfter, sweepLeft } from './network-left.ts';
import { many, type ProberFlags, proberOf, withProberFlags } from './network-prober.ts';
import { withClusterFlags } from './network-state.ts';
import { runName } from './run-name.ts';
import { parseRetry } from './run-options.ts';
import { selectionWords } from './run-selection.ts';

const detailsEnding = '.network.ndjson';

interface NetworkRunFlags extends ProberFlags {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly clusterDomain: string;
  readonly environment?: string;
  readonly timeoutMs?: number;
  readonly settleMs?: number;
  readonly out: string;
  readonly family: string[];
  readonly case: string[];
  readonly short?: true;
  readonly retry: number;
  readonly details?: string;
}

export function networkRunCommand(): Command {
  const command = new Command('run').description(
    'Judge the catalogue of NetworkPolicies in a cluster: no exec, and a deny is a proof.',
  );
  return withProberFlags(withClusterFlags(command))
    .option('--cluster-domain <name>', 'for which its DNS answers itself', 'cluster.local')
    .option('--environment <name>', 'of the report and the store; default: network/ and the context')
    .option(
      '--timeout-ms <n>',
      'longest wait of a probe for its answer; more on a busy cluster (700)',
      milliseconds,
    )
    .option('--settle-ms <n>', 'longest wait until a step is as expected (15000)', milliseconds)
    .option('--out <dir>', 'folder of the reports', process.env.CHARTER_OUT ?? 'charter-out')
    .option('--family <name>', 'only steps of this family (repeatable)', many, [])
    .option('--case <id>', 'only this step: deny.1 (repeatable)', many, [])
    .option('--short', 'only the short form: every family, less than four minutes')
    .option('--retry <n>', 'retries of steps that could not be judged, after all others', parseRetry, 1)
    .option(
      '--details <file>',
      `one line of JSON per step: latency of every pair, cells that are not judged, writes (default: beside the report, …${detailsEnding})`,
    )
    .addHelpText(
      'after',
      '\nIt creates namespaces charter-net-… and deletes them at its end; `charter network sweep` removes what a killed run left.\nExit codes: those of `charter run` (docs/exit-codes.md). docs/network.md says what power it needs.',
    )
    .action(async (flags: NetworkRunFlags) => {
      const folder = mkdtempSync(join(tmpdir(), 'charter-network-'));
      try {
        process.exitCode = await runCatalogue(flags, folder);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
}

/** The exit code. `folder` is for this run alone. */
async function runCatalogue(flags: NetworkRunFlags, folder: string): Promise<number> {
  const config = join(folder, 'charter.yaml');
  const worlds = join(folder, 'worlds');
  mkdirSync(worlds);
  const cluster = clusterOf(flags);
  const { networkEnvironment } = await import('../network/index.ts');
  const environment = flags.environment ?? networkEnvironment(cluster);
  writeFileSync(config, charterOfNetwork(environment));
  const name = runName();
  process.env.CHARTER_NETWORK = settingsOf(flags, { cluster, worlds, name });
  const worker = warmWorker();
  let code: number;
  let left = 0;
  try {
    const { perform } = await import('./perform-run.ts');
    code = await perform(
      {
        ...{ config, fault: [], persona: [], campaign: [], out: flags.out, retry: flags.retry, name },
        suites: join(shippedSuites, 'network'),
        case: withWorld(flags),
        tag: flags.short === true ? ['short'] : flags.family,
        selection: pickedOf(flags),
      },
      worker,
    );
  } finally {
    worker.discard();
    left = await sweepLeft(cluster, worlds);
  }
  return codeAfter(code, left);
}

function clusterOf({ kubeconfig, context }: NetworkRunFlags): ClusterAddress {
  return { kubeconfig: kubeconfig === undefined ? undefined : resolve(kubeconfig), context };
}

/** What network-stage.ts and the campaign read. */
function settingsOf(
  flags: NetworkRunFlags,
  {
    cluster,
    worlds,
    name,
  }: { readonly cluster: ClusterAddress; readonly worlds: string; readonly name: string },
): string {
  const { timeoutMs, settleMs, clusterDomain } = flags;
  return JSON.stringify({
    ...{ cluster, clusterDomain, worlds, settleMs },
    stage: pathToFileURL(join(import.meta.dirname, 'network-stage.ts')).href,
    world: { ...proberOf(flags), timeoutMs, settleMs },
    details: { file: detailsOf(flags, name), run: name },
  });
}

/** Where the lines of each step go. Not `.jsonl`: whoever reads an output folder takes those for journals. */
export function detailsOf({ details, out }: Pick<NetworkRunFlags, 'details' | 'out'>, name: string): string {
  return resolve(details ?? join(out, `${name}${detailsEnding}`));
}

/** Steps that are picked one by one come with the case that proves enforcement. */
function withWorld({ case: picked }: NetworkRunFlags): string[] {
  return picked.length === 0 ? [] : ['world.1', ...picked];
}

/** In words of this command, whose whole is the catalogue. */
export function pickedOf({
  short,
  family,
  case: steps,
}: Pick<NetworkRunFlags, 'short' | 'family' | 'case'>): string {
  const picked = selectionWords({ '--family': family, '--case': steps });
  return short === true ? `--short ${picked}`.trim() : picked;
}

/** The campaign talks to none of the platform's targets; what it needs of a charter are the times. */
function charterOfNetwork(environment: string): string {
  const absent = (name: string) => ({ url: `http://${name}`, expected: false });
  const minutes = 60_000;
  return stringify({
    environment,
    targets: {
      keycloak: absent('keycloak'),
      opa: absent('opa'),
      trino: absent('trino'),
      policySync: absent('policy-sync'),
      cockpitBackend: absent('cockpit-backend'),
    },
    budgets: { runMs: 60 * minutes, graceMs: 1.5 * minutes },
  });
}

function milliseconds(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 100 || value > 120_000)
    throw new InvalidArgumentError('expected milliseconds from 100 to 120000.');
  return value;
}
