// `charter flakes`: cases with both results for the same image and configuration, so that nobody argues from memory.
import { Command } from 'commander';
import { cockpitReads, type FlakyCase, type Quarantine } from '../store/index.ts';
import { parseCount } from './parse-count.ts';
import { flakeLines, type ShownFlake } from './runs-lines.ts';
import { openForReading, type StoreFlags, withStore } from './store-access.ts';

interface FlakesFlags extends StoreFlags {
  readonly environment?: string;
  readonly last: number;
  readonly json?: true;
}

export function flakesCommand(): Command {
  return withStore(new Command('flakes'))
    .description('Cases whose result changed though image and configuration did not, the worst first.')
    .option('--environment <name>', 'only runs of this platform')
    .option('--last <n>', 'how many runs of each platform are looked at', parseCount, 100)
    .option('--json', 'JSON instead of a table')
    .action(async (flags: FlakesFlags) => {
      const { store, quarantine } = await openForReading(flags, 'charter flakes');
      try {
        const found = await cockpitReads(store).flakes(flags.environment, flags.last, 1_000);
        const flakes = found.map((one) => withQuarantine(one, quarantine));
        const { expired } = quarantine;
        const text = flags.json
          ? JSON.stringify({ flakes, expired }, undefined, 2)
          : flakeLines(flakes, expired).join('\n');
        process.stdout.write(`${text}\n`);
      } finally {
        await store.close();
      }
    });
}

function withQuarantine(flake: FlakyCase, { active }: Quarantine): ShownFlake {
  const quarantine = active.get(flake.key);
  return quarantine === undefined ? flake : { ...flake, quarantine };
}
