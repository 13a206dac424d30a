// Which differences are none of ours: those the Tenant's author names, and the size of what an autoscaler scales.
import type { AnyObject, KubeObject } from '../../kube/index.ts';
import type { IgnoreRule } from '../tenant.ts';
import type { Difference } from './compare.ts';
import type { ReleasedObject } from './manifest.ts';

export interface Ignoring {
  readonly rules: readonly IgnoreRule[];
  /** All objects of the release, for the autoscalers among them. */
  readonly release: readonly ReleasedObject[];
}

export function counted(
  found: readonly Difference[],
  object: ReleasedObject,
  live: KubeObject,
  ignoring: Ignoring,
): Difference[] {
  const paths = ignoredPaths(object, live, ignoring);
  return found.filter(
    ({ path }) => !paths.some((ignored) => path === ignored || path.startsWith(`${ignored}/`)),
  );
}

export function ignoredPaths(
  object: ReleasedObject,
  live: KubeObject,
  { rules, release }: Ignoring,
): string[] {
  const named = rules.filter((rule) => matches(rule, object)).flatMap(({ paths }) => paths);
  return isAutoscaled(object, release) || scaledByController(live) ? [...named, '/spec/replicas'] : named;
}

function matches({ target = {} }: IgnoreRule, { apiVersion, kind, name }: ReleasedObject): boolean {
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
  return (
    (target.kind === undefined || target.kind === kind) &&
    (target.name === undefined || target.name === name) &&
    (target.group === undefined || target.group === group)
  );
}

function isAutoscaled({ kind, name }: ReleasedObject, release: readonly ReleasedObject[]): boolean {
  return release.some(({ kind: other, object }) => {
    if (other !== 'HorizontalPodAutoscaler') return false;
    const { scaleTargetRef } = (object.spec ?? {}) as { scaleTargetRef?: { kind?: string; name?: string } };
    return scaleTargetRef?.kind === kind && scaleTargetRef.name === name;
  });
}

/** An autoscaler that is not in the release writes through the subresource too, and its manager is the controller manager. */
function scaledByController(live: KubeObject): boolean {
  return (live.metadata?.managedFields ?? []).some(
    ({ manager, subresource, fieldsV1 }) =>
      manager === 'kube-controller-manager' && subresource === 'scale' && ownsReplicas(fieldsV1),
  );
}

function ownsReplicas(fields: object | undefined): boolean {
  const spec = (fields as { 'f:spec'?: object } | undefined)?.['f:spec'];
  return spec !== undefined && 'f:replicas' in spec;
}

/** The manifest's object with the live values at the ignored paths, so that applying it leaves them and their owners as they are. */
export function keepingIgnored(wanted: AnyObject, live: AnyObject, paths: readonly string[]): AnyObject {
  const result = structuredClone(wanted);
  for (const path of paths) {
    const keys = path
      .split('/')
      .slice(1)
      .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
    const last = keys.pop() ?? '';
    const place = walk(result, keys);
    const source = walk(live, keys);
    if (place === undefined || !(last in place)) continue;
    if (source !== undefined && last in source) place[last] = source[last];
    else if (Array.isArray(place)) place.splice(Number(last), 1);
    else delete place[last];
  }
  return result;
}

function walk(from: unknown, keys: readonly string[]): Record<string, unknown> | undefined {
  let at = from;
  for (const key of keys) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = (at as Record<string, unknown>)[key];
  }
  return typeof at === 'object' && at !== null ? (at as Record<string, unknown>) : undefined;
}
