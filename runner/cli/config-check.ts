// `charter config`: is charter.yaml right, and what does it leave open? Nothing is contacted.
import { Command } from 'commander';
import { absentKeys, type Config, configJsonSchema, loadConfig, targetNames } from '../config/index.ts';

interface CheckFlags {
  readonly config: string;
  readonly embedded?: true;
  readonly suites?: string;
}

export function configCommand(): Command {
  return new Command('config')
    .description('Check charter.yaml, or print its JSON Schema.')
    .addCommand(checkCommand())
    .addCommand(
      new Command('schema')
        .description('Print the JSON Schema of charter.yaml, for editors.')
        .action(async () => {
          process.stdout.write(`${JSON.stringify(await configJsonSchema(), undefined, 2)}\n`);
        }),
    );
}

function checkCommand(): Command {
  return new Command('check')
    .description('Check charter.yaml and the persona Secret; every problem at once, exit code 2.')
    .option('--config <file>', 'the charter', process.env.CHARTER_CONFIG ?? 'charter.yaml')
    .option('--embedded', 'the targets are the reference platform on loopback')
    .option('--suites <dir>', 'as of `charter run`: campaigns of your own, whose cases are not known here')
    .action(async ({ config: path, embedded, suites }: CheckFlags) => {
      const config = await loadConfig({
        ...{ path, env: process.env, embedded: embedded === true },
        campaigns: suites === undefined ? 'shipped' : 'own',
      });
      process.stdout.write(`${describeConfig(config, path).join('\n')}\n`);
    });
}

export function describeConfig(config: Config, path: string): string[] {
  const { targets } = config.data;
  const absent = absentKeys(config);
  const playedBy = (name: string) =>
    Object.entries(config.data.cast).flatMap(([part, player]) => (player === name ? [part] : []));
  return [
    `${path}: ok (${config.hash})`,
    'targets',
    ...targetNames.map(
      (name) =>
        `  ${name.padEnd(15)} ${targets[name].url}${targets[name].expected ? '' : ' (declared absent)'}`,
    ),
    ...config.externalTargets.map((target) => `  outside the cluster, as allowed: ${target}`),
    config.personas.length === 0 ? 'personas: none, so cases that log in are skipped' : 'personas',
    ...config.personas.map((persona) => {
      const cast = playedBy(persona.name).join(', ') || 'no part';
      const password =
        persona.password === undefined ? `skipped: ${config.missingPassword(persona)}` : 'password found';
      return `  ${persona.name.padEnd(15)} ${cast}; ${password}`;
    }),
    ...(absent.length === 0
      ? ['every optional key is configured']
      : ['not configured; cases that need one of these keys are skipped']),
    ...absent.map((key) => `  ${key}`),
  ];
}
