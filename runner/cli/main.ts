// The commands of `charter`. A command's module is loaded only when that command is asked for, so that --help stays quick.
import { Command, CommanderError } from 'commander';
import { CharterError } from '../errors/index.ts';
import { exitCodes } from './exit-codes.ts';
import { printError } from './print-error.ts';
import { printSummaryOfNothing } from './print-summary.ts';

interface Entry {
  readonly name: string;
  readonly description: string;
  readonly load: () => Promise<Command>;
}

const commands: readonly Entry[] = [
  {
    name: 'run',
    description: 'run campaigns and write the report',
    load: async () => (await import('./run.ts')).runCommand(),
  },
  {
    name: 'list',
    description: 'list the cases a run would take',
    load: async () => (await import('./list.ts')).listCommand(),
  },
  {
    name: 'report',
    description: 'rebuild every output from a journal',
    load: async () => (await import('./report.ts')).reportCommand(),
  },
  {
    name: 'runs',
    description: 'list the runs of the store, show one, compare two',
    load: async () => (await import('./runs.ts')).runsCommand(),
  },
  {
    name: 'flakes',
    description: 'list cases whose result changes by itself',
    load: async () => (await import('./flakes.ts')).flakesCommand(),
  },
  {
    name: 'store',
    description: 'make the tables of the store, send journals to it, remove old runs',
    load: async () => (await import('./store.ts')).storeCommand(),
  },
  {
    name: 'cockpit',
    description: 'serve the pages over the store',
    load: async () => (await import('./cockpit.ts')).cockpitCommand(),
  },
  {
    name: 'config',
    description: 'check charter.yaml, print its JSON Schema',
    load: async () => (await import('./config-check.ts')).configCommand(),
  },
  {
    name: 'init',
    description: 'write a new campaign with its test',
    load: async () => (await import('./init.ts')).initCommand(),
  },
  {
    name: 'platform',
    description: 'start the reference platform',
    load: async () => (await import('./platform.ts')).platformCommand(),
  },
  {
    name: 'network',
    description: 'explain, draw and lint NetworkPolicies',
    load: async () => (await import('./network.ts')).networkCommand(),
  },
  {
    name: 'operator',
    description: 'run a controller in a cluster: tenants',
    load: async () => (await import('./operator.ts')).operatorCommand(),
  },
];

// A reader that goes away (`| head`) ends the reading, not the run.
process.stdout.on('error', () => {});

// A container has a pipe for each stream, and whoever keeps its log takes them in any order: SUMMARY stays last in one of them only.
if (process.env.CHARTER_LOG === 'stdout' && process.argv[2] === 'run')
  Object.defineProperty(process, 'stderr', { value: process.stdout });

const program = new Command('charter')
  .description('Charter validation from inside a cluster: campaigns, true verdicts, reports that survive.')
  .exitOverride()
  .showHelpAfterError('Run `charter --help` for the commands.');

const [first, second] = process.argv.slice(2);
const asked = commands.find(({ name }) => name === (first === 'help' ? second : first));
try {
  for (const entry of commands) {
    program.addCommand(
      entry === asked
        ? exitsByThrowing(await loaded(entry))
        : new Command(entry.name).description(entry.description),
    );
  }
  if (process.argv.length <= 2) program.outputHelp();
  else await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : exitCodes.usage;
  } else {
    printError(error);
    process.exitCode = exitCodes.usage;
  }
  if (process.exitCode !== 0 && asked?.name === 'run') printSummaryOfNothing();
}

/** An image leaves out the commands that its work does not need; their files are not there. */
async function loaded({ name, load }: Entry): Promise<Command> {
  try {
    return await load();
  } catch (error) {
    const { code, url } = error as { code?: string; url?: string };
    if (code !== 'ERR_MODULE_NOT_FOUND' || !url?.startsWith(new URL('.', import.meta.url).href)) throw error;
    throw new CharterError('CHR_COMMAND_ABSENT', `this image does not carry \`charter ${name}\``, {
      cause: error,
    });
  }
}

function exitsByThrowing(command: Command): Command {
  command.exitOverride();
  for (const child of command.commands) exitsByThrowing(child);
  return command;
}
