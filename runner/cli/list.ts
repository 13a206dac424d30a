// `charter list`: the cases a run with the same flags would take, without running any.
import { Command } from 'commander';
import { collect, discover, select } from '../execution/index.ts';
import { Redactor } from '../redaction/index.ts';
import { startEmbedded } from './embedded.ts';
import { configured } from './run-charter.ts';
import { type RunFlags, selectionOf, withSelection } from './run-options.ts';

export function listCommand(): Command {
  return withSelection(new Command('list'))
    .description('List the cases a run with the same flags would take.')
    .option('--json', 'one JSON document instead of lines')
    .action(async (flags: RunFlags & { json?: true }) => {
      const platform = flags.embedded ? await startEmbedded(flags.fault) : undefined;
      try {
        const { config } = await configured(flags, { embeddedConfig: platform?.config });
        const found = discover(config.data.suites, flags.suites);
        const collected = await collect({ config, ...found });
        const cases = select(collected.cases, selectionOf(flags, found.campaigns));
        if (flags.json) process.stdout.write(`${JSON.stringify(cases, undefined, 2)}\n`);
        else for (const { key, title } of cases) process.stdout.write(`${key.padEnd(24)} ${title}\n`);
        const redactor = new Redactor(config.allSecrets());
        for (const { file, message } of collected.problems)
          process.stderr.write(`${file}: ${redactor.redact(message)}\n`);
        process.stderr.write(`${cases.length} of ${collected.cases.length} cases\n`);
        process.exitCode = collected.problems.length > 0 ? 4 : cases.length > 0 ? 0 : 3;
      } finally {
        platform?.stop();
      }
    });
}
