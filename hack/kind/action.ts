// A named step: shown while it runs, timed, and with the failed command, its output and the likely fix when it fails.
import { CommandError } from './command.ts';

export interface Timing {
  readonly name: string;
  readonly ms: number;
}

const timings: Timing[] = [];
const running = new Map<string, number>();
const terminal = process.stderr.isTTY === true;
const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
let ticker: NodeJS.Timeout | undefined;

/** Steps may run side by side; the one that is shown is the oldest. Output goes to stderr. */
export async function action<Result>(name: string, run: () => Promise<Result>): Promise<Result> {
  const start = performance.now();
  running.set(name, start);
  spin();
  try {
    const result = await run();
    finish(name, '✓', start);
    return result;
  } catch (error) {
    finish(name, '✗', start);
    throw error;
  }
}

/** Where the time went, longest first, as lines. */
export function timeSummary(): readonly string[] {
  return timings
    .toSorted((a, b) => b.ms - a.ms)
    .slice(0, 8)
    .map(({ name, ms }) => `${seconds(ms).padStart(9)}  ${name}`);
}

/** What a person needs of a failure, as lines. */
export function explain(error: unknown): readonly string[] {
  if (!(error instanceof CommandError)) return [error instanceof Error ? error.message : String(error)];
  const output = error.output === '' ? [] : error.output.split('\n').map((line) => `  | ${line}`);
  return [error.message, ...output, ...(error.fix === undefined ? [] : [`  fix: ${error.fix}`])];
}

export function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(ms < 100_000 ? 1 : 0)} s`;
}

function finish(name: string, mark: string, start: number): void {
  running.delete(name);
  const ms = performance.now() - start;
  timings.push({ name, ms });
  clearLine();
  process.stderr.write(` ${mark} ${name}  ${seconds(ms)}\n`);
  if (running.size === 0) clearInterval(ticker);
  if (running.size === 0) ticker = undefined;
}

function spin(): void {
  if (!terminal) return;
  ticker ??= setInterval(() => {
    const oldest = [...running].at(0);
    if (oldest === undefined) return;
    const [name, start] = oldest;
    const ms = performance.now() - start;
    const more = running.size > 1 ? ` and ${running.size - 1} more` : '';
    clearLine();
    process.stderr.write(` ${frames[Math.floor(ms / 100) % frames.length]} ${name}${more}  ${seconds(ms)}`);
  }, 100);
  ticker.unref();
}

function clearLine(): void {
  if (terminal) process.stderr.write('\r\x1b[K');
}
