// The file with one line of JSON per step: what is too much for a report. A run goes on in another worker after one that died, and for
// its retries; of the steps before, this file is all that the next worker knows.
import { appendFileSync, readFileSync } from 'node:fs';
import type { DetailsSettings, Stepped } from './settings.ts';

/** From, to, port, milliseconds. */
type Pair = readonly [from: string, to: string, port: string, ms: number];

export interface DetailLine
  extends Pick<Stepped, 'verdict' | 'durationMs' | 'latency' | 'standIns' | 'writes'> {
  /** Several runs may append to one file. */
  readonly run: string;
  readonly step: string;
  readonly judged: number;
  /** What was expected and seen in cells that nobody judges. */
  readonly notJudged: readonly (readonly [
    from: string,
    to: string,
    port: string,
    expected: string,
    observed: string,
  ])[];
  readonly transients: number;
  readonly pairs: readonly Pair[];
}

export function detailLine(run: string, step: string, result: Stepped): DetailLine {
  const { verdict, durationMs, latency, standIns, writes, cells } = result;
  const notJudged = cells.filter((cell) => cell.verdict === 'not-judged');
  return {
    ...{ run, step, verdict, durationMs, latency, standIns, writes },
    judged: cells.length - notJudged.length,
    notJudged: notJudged.map(({ from, to, port, protocol, expected, observed }) => [
      ...([from, to, `${port}/${protocol}`] as const),
      ...([expected, observed ?? 'nothing'] as const),
    ]),
    transients: cells.filter((cell) => cell.transients > 0).length,
    pairs: cells.flatMap(({ from, to, port, protocol, latencyMs }) =>
      latencyMs === undefined ? [] : [[from, to, `${port}/${protocol}`, latencyMs]],
    ),
  };
}

/** What the steps of a run have taken so far; a step that is tried again counts once, as it ended. */
export class Details {
  readonly #settings: DetailsSettings | undefined;
  readonly #taken = new Map<string, readonly number[]>();

  constructor(settings: DetailsSettings | undefined) {
    this.#settings = settings;
    for (const line of linesOf(settings)) this.#take(line);
  }

  /** Throws what the file system says when the line cannot be written; it counts all the same. */
  add(step: string, result: Stepped): void {
    const line = detailLine(this.#settings?.run ?? '', step, result);
    this.#take(line);
    if (this.#settings !== undefined) appendFileSync(this.#settings.file, `${JSON.stringify(line)}\n`);
  }

  /** Of each changed pair of all steps. */
  get milliseconds(): readonly number[] {
    return [...this.#taken.values()].flat();
  }

  #take({ step, pairs }: Pick<DetailLine, 'step' | 'pairs'>): void {
    this.#taken.set(
      step,
      pairs.map(([, , , ms]) => ms),
    );
  }
}

/** Of this run. A worker that was killed may have left half a line, which says nothing. */
function linesOf(settings: DetailsSettings | undefined): readonly DetailLine[] {
  if (settings === undefined) return [];
  return textOf(settings.file)
    .split('\n')
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as DetailLine];
      } catch {
        return [];
      }
    })
    .filter(({ run }) => run === settings.run);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // There is none before the first step.
    return '';
  }
}
