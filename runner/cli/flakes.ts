// `charter flakes`: cases with both results for the same image and configuration, so that nobody argues from memory.
import { Command } from 'commander';
import type { CockpitReads, FlakyCase, Quarantine } from '../store/index.ts';
import { parseCount } from './parse-count.ts';
import { noLimit } from './runs-everything.ts';
import { expectPlatform } from './runs-find.ts';
import { flakeLines, mostFlakes, type ShownFlake, type ShownFlakes } from './runs-lines.ts';
import { type AskingFlags, answer, withAsking } from './store-answer.ts';

interface Asked {
  readonly environment?: string;
  readonly last: number;
}

type FlakesFlags = AskingFlags & Asked;

export function flakesCommand(): Command {
  return withAsking(new Command('flakes'))
    .description('Cases whose result changed though image and configuration did not, the worst first.')
    .option('--environment <name>', 'only runs of this platform')
    .option(
      '--last <n>',
      'how many whole runs of each platform are looked at, and parts since',
      parseCount,
      100,
    )
    .action(async (flags: FlakesFlags) => {
      const ask = (reads: CockpitReads, quarantine: Quarantine) => readFlakes(reads, flags, quarantine);
      await answer('charter flakes', flags, ask, flakeLines);
    });
}

export async function readFlakes(
  reads: CockpitReads,
  { environment, last, json }: Asked & Pick<AskingFlags, 'json'>,
  quarantine: Quarantine,
): Promise<ShownFlakes> {
  await expectPlatform(reads, environment);
  const found = await reads.flakes(environment, last, json ? noLimit : mostFlakes + 1);
  return { flakes: found.map((one) => withQuarantine(one, quarantine)), expired: quarantine.expired };
}

function withQuarantine(flake: FlakyCase, { active }: Quarantine): ShownFlake {
  const quarantine = active.get(flake.key);
  return quarantine === undefined ? flake : { ...flake, quarantine };
}
