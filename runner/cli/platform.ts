// `charter platform`: starts the reference platform, or one target of it, and prints the charter.yaml that fits.
import { renameSync, writeFileSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import { CharterError } from '../errors/index.ts';

const targets = {
  keycloak: 'keycloak',
  opa: 'opa',
  trino: 'trino',
  'policy-sync': 'policySync',
  'cockpit-backend': 'cockpitBackend',
} as const;
type TargetFlag = keyof typeof targets;

interface PlatformFlags {
  readonly only?: TargetFlag;
  readonly port?: number;
  readonly host?: string;
  readonly keycloakUrl?: string;
  readonly opaUrl?: string;
  readonly trinoUrl?: string;
  readonly policySyncUrl?: string;
  readonly cockpitBackendUrl?: string;
  readonly keycloakProfile?: '26.2' | '26.7';
  readonly trinoAuth?: 'jwt' | 'header';
  readonly secretsDir?: string;
  readonly fault?: readonly string[];
  readonly configOut?: string;
  readonly untilStdinCloses?: true;
}

export function platformCommand(): Command {
  const command = new Command('platform')
    .description(
      'Start the reference platform and print the charter.yaml that fits; ends at SIGTERM or SIGINT.',
    )
    .addOption(new Option('--only <target>', 'start this target alone').choices(Object.keys(targets)))
    .option('--port <number>', 'port of that target (default: any free port)', port)
    .option('--host <address>', 'address to listen on (default: loopback)');
  for (const name of Object.keys(targets))
    command.option(`--${name}-url <url>`, `where ${name} is, for --only`);
  return command
    .addOption(
      new Option('--keycloak-profile <version>', 'answer as this Keycloak (default: 26.7)').choices([
        '26.2',
        '26.7',
      ]),
    )
    .addOption(
      new Option(
        '--trino-auth <mode>',
        'jwt as over HTTPS, header as over plain HTTP (default: jwt)',
      ).choices(['jwt', 'header']),
    )
    .option(
      '--secrets-dir <folder>',
      'passwords and client secrets, one file per key; what is missing is written',
    )
    .option('--fault <name...>', 'start with these faults on')
    .option('--config-out <file>', 'write charter.yaml there instead of to stdout')
    .option('--until-stdin-closes', 'end when stdin closes, so that it never outlives its parent')
    .action(run);
}

async function run(flags: PlatformFlags): Promise<void> {
  if (flags.port !== undefined && flags.only === undefined) {
    throw new CharterError('CHR_USAGE', '--port names the port of one target', {
      hint: 'Give --only <target> too; five targets cannot share a port.',
    });
  }
  // Ends are watched from the first moment: a parent may be gone before the last target is up.
  const ended = end(flags);
  const { startPlatform, switchNames } = await import('../../fixtures/platform/index.ts');
  for (const fault of flags.fault ?? []) refuseUnknown(fault, switchNames);
  const platform = await startPlatform(optionsOf(flags));
  try {
    for (const fault of flags.fault ?? []) platform.faults.set(fault, 'on');
    publish(platform.charterYaml(), flags.configOut);
    await ended;
  } finally {
    await platform.stop();
  }
}

function optionsOf(flags: PlatformFlags) {
  const only = flags.only === undefined ? undefined : targets[flags.only];
  const urls = {
    keycloak: flags.keycloakUrl,
    opa: flags.opaUrl,
    trino: flags.trinoUrl,
    policySync: flags.policySyncUrl,
    cockpitBackend: flags.cockpitBackendUrl,
  };
  return {
    ...(only === undefined ? {} : { only }),
    ...(only === undefined || flags.port === undefined ? {} : { ports: { [only]: flags.port } }),
    ...(flags.host === undefined ? {} : { host: flags.host }),
    ...(flags.keycloakProfile === undefined ? {} : { keycloakProfile: flags.keycloakProfile }),
    ...(flags.trinoAuth === undefined ? {} : { trinoAuth: flags.trinoAuth }),
    ...(flags.secretsDir === undefined ? {} : { secretsDirectory: flags.secretsDir }),
    urls: Object.fromEntries(Object.entries(urls).filter(([, url]) => url !== undefined)),
  };
}

function refuseUnknown(fault: string, known: readonly string[]): void {
  if (known.includes(fault)) return;
  const related = known.filter((name) => name.split('-')[0] === fault.split('-')[0]);
  throw new CharterError('CHR_USAGE', `no fault is named '${fault}'`, {
    hint: `Faults there are: ${(related.length > 0 ? related : known).join(', ')}`,
  });
}

/** Renamed into place: whoever waits for the file never reads half of it. */
function publish(yaml: string, file: string | undefined): void {
  if (file === undefined) {
    process.stdout.write(yaml);
    return;
  }
  writeFileSync(`${file}.new`, yaml);
  renameSync(`${file}.new`, file);
}

function end(flags: PlatformFlags): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
    // Unreferenced: a platform that cannot start ends at once instead of waiting for its parent.
    if (flags.untilStdinCloses)
      process.stdin
        .once('close', () => resolve())
        .resume()
        .unref?.();
  });
}

function port(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535)
    throw new InvalidArgumentError('a port is a number from 0 to 65535');
  return value;
}
