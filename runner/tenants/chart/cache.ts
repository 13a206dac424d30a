// Charts by source and by digest, each asked for and fetched once for all Tenants, each checked against its digest before anybody sees it.
import { notLoaded } from './http.ts';
import { ociRegistries } from './oci.ts';
import { httpRepositories, sha256 } from './repository.ts';
import { shelf } from './shelf.ts';
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

/** Less than the time after which a Tenant asks again for a chart that it did not get. */
const failedMs = 10_000;
/** Half of the volume that a Pod of the operator has for temporary files. */
const mostArchiveBytes = 128 * 1024 * 1024;
/** More than there are charts in use; what is forgotten is asked for again. */
const mostSources = 1_000;

export function chartCache({ folder, plainHttpRegistries, freshMs, monotonicMs }: ChartOptions): Charts {
  const repositories = httpRepositories();
  const registries = ociRegistries(plainHttpRegistries);
  const archives = shelf({ folder, most: mostArchiveBytes, monotonicMs });
  const resolved = new Map<string, { readonly at: number; readonly chart: ResolvedChart }>();
  const failed = new Map<string, { readonly at: number; readonly error: unknown }>();
  const underWay = new Map<string, Promise<unknown>>();

  /**
   * Many Tenants want the same thing at the same moment: one asks. Not with the signal of one of them, since all wait for it. What has failed
   * fails for a while without being asked for, and afterwards only the first to ask again waits: a repository that hangs holds no queue up.
   */
  function once<T>(key: string, work: () => Promise<T>): Promise<T> {
    const running = underWay.get(key) as Promise<T> | undefined;
    const before = failed.get(key);
    if (before !== undefined && (running !== undefined || monotonicMs() - before.at < failedMs))
      return Promise.reject(before.error);
    if (running !== undefined) return running;
    const started = work()
      .then(
        (value) => {
          failed.delete(key);
          return value;
        },
        (error: unknown) => {
          remember(failed, key, { at: monotonicMs(), error });
          throw error;
        },
      )
      .finally(() => underWay.delete(key));
    underWay.set(key, started);
    return started;
  }

  async function resolve(source: ChartSource): Promise<ResolvedChart> {
    const key = shownAs(source);
    const known = resolved.get(key);
    if (known !== undefined && monotonicMs() - known.at < freshMs) return known.chart;
    return once(`resolve ${key}`, async () => {
      const chart = await (source.repo.startsWith('oci://') ? registries : repositories)(source);
      remember(resolved, key, { at: monotonicMs(), chart });
      return chart;
    });
  }

  return {
    resolve,
    known: (source) => {
      resolve(source).catch(() => {});
      return resolved.get(shownAs(source))?.chart;
    },
    archive: async (source, chart) =>
      archives.find(chart.digest) ??
      once(`archive ${shownAs(source)} ${chart.digest}`, async () => {
        const content = await chart.fetch();
        const digest = `sha256:${sha256(content)}`;
        if (digest !== chart.digest)
          throw notLoaded(shownAs(source), `the archive is ${digest}, its repository says ${chart.digest}`);
        return archives.put(digest, content);
      }),
  };
}

/** As the newest; the one that was remembered longest ago leaves when there are too many. */
function remember<T>(all: Map<string, T>, key: string, value: T): void {
  all.delete(key);
  all.set(key, value);
  const [oldest] = all.keys();
  if (all.size > mostSources && oldest !== undefined) all.delete(oldest);
}
