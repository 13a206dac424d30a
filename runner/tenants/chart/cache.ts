// Chart archives by digest, each fetched once, each checked against its digest before anybody sees it.
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { notLoaded } from './http.ts';
import { ociRegistries } from './oci.ts';
import { httpRepositories, sha256 } from './repository.ts';
import { type ChartSource, type ResolvedChart, shownAs } from './source.ts';

export interface Charts {
  /**
   * The chart's digest as its repository gives it; asked at most once in `freshMs` for all Tenants together. Throws CHR_CHART_NOT_LOADED and
   * CHR_CHART_VERSION_NOT_FOUND.
   */
  readonly resolve: (source: ChartSource, signal?: AbortSignal) => Promise<ResolvedChart>;
  /** What was resolved last, without waiting; asks anew in the background where that is old. A failure changes nothing. */
  readonly known: (source: ChartSource) => ResolvedChart | undefined;
  /** Path of the archive. Throws CHR_CHART_NOT_LOADED, also for an archive that is not what its digest says. */
  readonly archive: (source: ChartSource, chart: ResolvedChart, signal?: AbortSignal) => Promise<string>;
}

export interface ChartOptions {
  /** An empty folder of the operator's own. */
  readonly folder: string;
  readonly plainHttpRegistries: readonly string[];
  readonly freshMs: number;
  /** Milliseconds that only ever grow. */
  readonly monotonicMs: () => number;
}

export function chartCache({ folder, plainHttpRegistries, freshMs, monotonicMs }: ChartOptions): Charts {
  const repositories = httpRepositories();
  const registries = ociRegistries(plainHttpRegistries);
  const resolved = new Map<string, { readonly at: number; readonly chart: ResolvedChart }>();
  const underWay = new Map<string, Promise<unknown>>();

  /** Many Tenants want the same thing at the same moment: one asks. Not with the signal of one of them, since all wait for it. */
  function once<T>(key: string, work: () => Promise<T>): Promise<T> {
    const running = underWay.get(key) as Promise<T> | undefined;
    if (running !== undefined) return running;
    const started = work().finally(() => underWay.delete(key));
    underWay.set(key, started);
    return started;
  }

  async function resolve(source: ChartSource): Promise<ResolvedChart> {
    const key = shownAs(source);
    const known = resolved.get(key);
    if (known !== undefined && monotonicMs() - known.at < freshMs) return known.chart;
    return once(`resolve ${key}`, async () => {
      const chart = await (source.repo.startsWith('oci://') ? registries : repositories)(source);
      resolved.set(key, { at: monotonicMs(), chart });
      return chart;
    });
  }

  return {
    resolve,
    known: (source) => {
      resolve(source).catch(() => {});
      return resolved.get(shownAs(source))?.chart;
    },
    archive: (source, chart) => {
      const path = join(folder, `${chart.digest.replace(':', '-')}.tgz`);
      return once(path, async () => {
        if (existsSync(path)) return path;
        const content = await chart.fetch();
        const digest = `sha256:${sha256(content)}`;
        if (digest !== chart.digest)
          throw notLoaded(shownAs(source), `the archive is ${digest}, its repository says ${chart.digest}`);
        await mkdir(folder, { recursive: true });
        await writeFile(`${path}.new`, content);
        await rename(`${path}.new`, path).catch(async (error: unknown) => {
          await rm(`${path}.new`, { force: true });
          throw error;
        });
        return path;
      });
    },
  };
}
