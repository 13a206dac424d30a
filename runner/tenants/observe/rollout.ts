// What a Tenant asks for: chart, values, fingerprint; and the chart's archive where it is going to be needed.

import { CharterError } from '../../errors/index.ts';
import { isKubeError } from '../../kube/index.ts';
import { notLoaded, wordsOf } from '../chart/http.ts';
import { type ChartSource, isSemVer, ociSource, type ResolvedChart, shownAs } from '../chart/source.ts';
import { fingerprint } from '../fingerprint.ts';
import type { Release } from '../helm/release.ts';
import type { OperatorWorld, Scene } from '../operator-world.ts';
import { mergeValues, sharedPart, valuesFrom } from '../values.ts';
import type { ChartProblem, Rollout } from './findings.ts';

/** `release`: what runs, where it is known. Throws CHR_TENANT_VALUES. */
export async function askedFor(
  world: OperatorWorld,
  scene: Scene,
  release?: Pick<Release, 'values'>,
): Promise<Omit<Rollout, 'chart'>> {
  const { spec, store, id } = scene;
  const { chartFrom } = spec;
  const source: ChartSource =
    chartFrom === undefined
      ? world.settings.chart
      : 'oci' in chartFrom
        ? ociSource(chartFrom.oci)
        : chartFrom;
  const sources = spec.valuesFrom ?? [];
  const read = await Promise.allSettled(
    sources.map((source) => valuesFrom(store.client, id.namespace, source)),
  );
  // Before anything is said about it, also about one that is not there.
  const secrets = read.flatMap((one, at) =>
    one.status === 'fulfilled' && sources[at]?.kind === 'Secret' ? [one.value] : [],
  );
  const isWhole = read.every(({ status }) => status === 'fulfilled');
  // A Secret may have been changed while nobody looked: Helm goes on speaking of what it was.
  const earlier = secrets.map((values) => sharedPart(release?.values ?? {}, values));
  if (isWhole || secrets.length > 0) world.confidential.learn(scene.key, [...secrets, ...earlier]);
  const taken = read.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
  // The operator's values are made for the operator's chart.
  const own = chartFrom === undefined ? world.chartValues : {};
  const values = mergeValues(own, ...taken, spec.values);
  return { source, values, fingerprint: fingerprint(source, values) };
}

/** The archive, for a rollout that is going to happen. */
export async function chartFor(
  { charts }: OperatorWorld,
  source: ChartSource,
  signal: AbortSignal,
): Promise<{ chart: NonNullable<Rollout['chart']> } | { problem: ChartProblem }> {
  if (!isSemVer(source.version))
    return {
      problem: { state: 'version-invalid', why: `chart version "${source.version}" is no semantic version` },
    };
  try {
    const chart: ResolvedChart = await charts.resolve(source, signal);
    return { chart: { path: await charts.archive(source, chart, signal), digest: chart.digest } };
  } catch (error) {
    signal.throwIfAborted();
    // Whatever stopped it (a full disk, an answer that nobody has foreseen), there is no chart.
    const isTold = error instanceof CharterError;
    return { problem: problemOf(isTold ? error : notLoaded(shownAs(source), wordsOf(error))) };
  }
}

export function problemOf(error: unknown): ChartProblem {
  if (!(error instanceof CharterError) || isKubeError(error)) throw error;
  if (error.code === 'CHR_CHART_VERSION_NOT_FOUND') return { state: 'version-not-found', why: error.message };
  if (error.code === 'CHR_CHART_NOT_LOADED') return { state: 'not-loaded', why: error.message };
  if (error.code === 'CHR_TENANT_VALUES') return { state: 'values-not-loaded', why: error.message };
  throw error;
}
