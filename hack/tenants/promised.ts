// The time that all scenarios of Tenants are promised in, on clusters that are up: a campaign that is green and too late is red.
import { seconds } from '../kind/steps.ts';

const promisedMs = 35 * 60_000;
/** Flags of `charter run` that take a part of the campaign; of a part nothing is promised. */
const narrowing = ['--campaign', '--case', '--persona', '--tag', '--shard'];

/** A line where all scenarios took longer than promised. */
export function late(words: readonly string[], elapsedMs: number): string | undefined {
  const isPart = words.some((word) => narrowing.some((flag) => word === flag || word.startsWith(`${flag}=`)));
  if (isPart || elapsedMs <= promisedMs) return undefined;
  return `all scenarios took ${seconds(elapsedMs)}: expected at most ${seconds(promisedMs)}`;
}

/** The exit code of `campaign`, which has begun with these words; 1 where it is 0 too late. */
export async function inPromisedTime(
  words: readonly string[],
  campaign: Promise<number>,
  tell: (line: string) => void = (line) => void process.stderr.write(`${line}\n`),
  now: () => number = () => performance.now(),
): Promise<number> {
  const start = now();
  const code = await campaign;
  const line = late(words, now() - start);
  if (line === undefined) return code;
  tell(line);
  return code === 0 ? 1 : code;
}
