// When each run ran its cases, from the journals: what "never two at a time" is judged by.
import type { Results } from './results.ts';

export interface Span {
  readonly file: string;
  /** Epoch milliseconds of the first and the last word about a case. */
  readonly from: number;
  readonly to: number;
}

/** In the order of their starts; of Jobs whose names start so. Runs that ran no case are left out. */
export async function spansOf(results: Results, ...jobs: readonly string[]): Promise<readonly Span[]> {
  const isAsked = (file: string) =>
    jobs.length === 0 || jobs.some((job) => file.startsWith(`charter-${job}`));
  const files = (await results.files()).filter((name) => name.endsWith('.jsonl') && isAsked(name));
  const all = await Promise.all(
    files.map(async (file) => {
      const times = (await results.journal(file))
        .filter(({ event }) => event === 'case-started' || event === 'case-ended')
        .map(({ at }) => Date.parse(at));
      return times.length < 2 ? [] : [{ file, from: Math.min(...times), to: Math.max(...times) }];
    }),
  );
  return all.flat().toSorted((a, b) => a.from - b.from);
}

/** One sentence for each that began before one that began earlier had ended. */
export function overlaps(spans: readonly Span[]): readonly string[] {
  const sorted = spans.toSorted((a, b) => a.from - b.from);
  return sorted.flatMap(({ file, from }, index) =>
    sorted
      .slice(0, index)
      .filter(({ to }) => from <= to)
      .map((before) => `${file} began ${before.to - from} ms before ${before.file} ended`),
  );
}
