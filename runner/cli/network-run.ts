// `charter network run`: campaign NET against one cluster, as an ordinary run with its journal, JUnit, SUMMARY and retries.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Command, InvalidArgumentError, Option } from 'commander';
import { stringify } from 'yaml';
import { shippedSuites, warmEngine } from '../execution/index.ts';
import { parseRetry } from './run-options.ts';

interface NetworkRunFlags {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly image: string;
  readonly pullPolicy: 'Never' | 'IfNotPresent' | 'Always';
  readonly node: string[];
  readonly timeoutMs?: number;
  readonly settleMs?: number;
  readonly out: string;
  readonly family: string[];
  readonly case: string[];
  readonly short?: true;
  readonly retry: number;
  readonly details?: string;
}

const many = (value: string, before: string[]) => [...before, value];

export function networkRunCommand(): Command {
  return new Command('run')
    .description('Judge the catalogue of NetworkPolicies in a cluster: no exec, and a deny is a proof.')
    .option('--kubeconfig <file>', 'the cluster; KUBECONFIG or the Pod’s ServiceAccount when not given')
    .option('--context <name>', 'a context of the kubeconfig')
    .option('--image <name>', 'of the prober', process.env.CHARTER_PROBE_IMAGE ?? 'charter-probe:latest')
    .addOption(
      new Option('--pull-policy <when>', 'of that image')
        .choices(['Never', 'IfNotPresent', 'Always'])
        .default('IfNotPresent'),
    )
    .option('--node <name>', 'only on this node, also a tainted one (repeatable)', many, [])
    .option(
      '--timeout-ms <n>',
      'longest wait of a probe for its answer; more on a busy cluster (800)',
      milliseconds,
    )
    .option('--settle-ms <n>', 'longest wait until a step is as expected (15000)', milliseconds)
    .option('--out <dir>', 'folder of the reports', process.env.CHARTER_OUT ?? 'charter-out')
    .option('--family <name>', 'only steps of this family (repeatable)', many, [])
    .option('--case <id>', 'only this step: deny.1 (repeatable)', many, [])
    .option('--short', 'only the short form: every family, less than four minutes')
    .option('--retry <n>', 'retries of steps that are not green, after all others', parseRetry, 1)
    .option('--details <file>', 'one line of JSON per step: latency of every pair, writes, milliseconds')
    .addHelpText(
      'after',
      '\nIt creates namespaces charter-net-… and deletes them at its end; `charter network sweep` removes what a killed run left.\nExit codes: those of `charter run` (docs/exit-codes.md). docs/network.md says what power it needs.',
    )
    .action(async (flags: NetworkRunFlags) => {
      const { image, pullPolicy, kubeconfig, context, node, details, timeoutMs, settleMs } = flags;
      process.env.CHARTER_NETWORK = JSON.stringify({
        stage: pathToFileURL(join(import.meta.dirname, 'network-stage.ts')).href,
        cluster: { kubeconfig: kubeconfig === undefined ? undefined : resolve(kubeconfig), context },
        world: {
          image,
          imagePullPolicy: pullPolicy,
          timeoutMs,
          ...(node.length === 0 ? {} : { nodes: node }),
        },
        settleMs,
        details: details === undefined ? undefined : resolve(details),
      });
      const engine = warmEngine();
      const folder = mkdtempSync(join(tmpdir(), 'charter-network-'));
      try {
        const config = join(folder, 'charter.yaml');
        writeFileSync(config, charterOfNetwork());
        const { perform } = await import('./perform-run.ts');
        process.exitCode = await perform(
          {
            ...{ config, fault: [], persona: [], campaign: [], out: flags.out, retry: flags.retry },
            suites: join(shippedSuites, 'network'),
            case: withWorld(flags),
            tag: flags.short === true ? ['short'] : tagsOf(flags),
          },
          engine,
        );
      } finally {
        engine.discard();
        rmSync(folder, { recursive: true, force: true });
      }
    });
}

/** Steps that are picked one by one come with the case that proves enforcement. */
function withWorld({ case: picked }: NetworkRunFlags): string[] {
  return picked.length === 0 ? [] : ['world.1', ...picked];
}

function tagsOf({ family }: NetworkRunFlags): string[] {
  return [...family];
}

/** The campaign talks to none of the platform's targets; what it needs of a charter are the times. */
function charterOfNetwork(): string {
  const absent = (name: string) => ({ url: `http://${name}`, expected: false });
  const minutes = 60_000;
  return stringify({
    environment: 'network',
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
