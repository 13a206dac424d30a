// Every target is in the cluster, or the file says on purpose that it may be elsewhere.
import { classifyTarget, urlProblem } from '../classify-target.ts';
import { describeValue } from '../describe.ts';
import { type TargetName, targetNames } from '../names.ts';
import { valueAt } from '../shape-problems.ts';
import type { Source } from '../source.ts';
import { type Check, type CheckOptions, problemAt, textAt } from './check.ts';

const inCluster = '<service>, <service>.<namespace>.svc or <service>.<namespace>.svc';

export const checkTargets: Check = (source, options) => {
  const mayBeOutside = valueAt(source.value, ['modes', 'allowExternalTargets']) === true;
  return targetNames.flatMap((name) => {
    const path = ['targets', name, 'url'];
    const url = textAt(source, path);
    if (url === undefined) return [];
    const unfit = urlProblem(url);
    if (unfit !== undefined) {
      const { expected, reason, suggestion } = unfit;
      const got = `${describeValue(url)}: ${reason}`;
      return [
        problemAt(source, path, { expected, got, ...(suggestion === undefined ? {} : { suggestion }) }),
      ];
    }
    const outside = mayBeOutside ? undefined : outsideOf(url, source, options);
    if (outside === undefined) return [];
    const { reason, suggestion } = outside;
    return [
      problemAt(source, path, {
        code: 'CHR_TARGET_EXTERNAL',
        expected: `the Service of ${name} in the cluster: ${inCluster}.${clusterDomainOf(source)}`,
        got: `${describeValue(url)}: ${reason}`,
        ...(suggestion === undefined ? {} : { suggestion }),
      }),
    ];
  });
};

/** `name=url` of every target outside the cluster; what the report says when that is allowed. */
export function externalTargets(source: Source, options: CheckOptions): string[] {
  return targetNames.flatMap((name: TargetName) => {
    const url = textAt(source, ['targets', name, 'url']);
    return url !== undefined && outsideOf(url, source, options) !== undefined ? [`${name}=${url}`] : [];
  });
}

function outsideOf(
  url: string,
  source: Source,
  { embedded }: CheckOptions,
): { reason: string; suggestion?: string } | undefined {
  const { kind, ...why } = classifyTarget(url, clusterDomainOf(source));
  if (kind === 'service' || (kind === 'loopback' && embedded)) return undefined;
  if (kind === 'external') return why;
  return { reason: `${why.reason}, which only the embedded platform may use` };
}

function clusterDomainOf(source: Source): string {
  return textAt(source, ['clusterDomain']) ?? 'cluster.local';
}
