// Which differences are none of ours: those the Tenant's author names, and the size of what an autoscaler scales.
import type { AnyObject, KubeObject } from '../../kube/index.ts';
import type { IgnoreRule } from '../tenant.ts';
import { type Difference, isNamed } from './compare.ts';
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

/**
 * The manifest's object with the live values at the ignored paths, so that applying it leaves them and their owners as they are. The paths are
 * those of the manifest: an item that has a name is found by it in the live list, as `compare` does.
 */
export function keepingIgnored(wanted: AnyObject, live: AnyObject, paths: readonly string[]): AnyObject {
  const result = structuredClone(wanted);
  /** From the end, so that an item that is taken out moves none that is still to be found. */
  for (const path of paths.toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true }))) {
    const keys = path
      .split('/')
      .slice(1)
      .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
    const last = keys.pop() ?? '';
    let place: unknown = result;
    let source: unknown = live;
    for (const key of keys) {
      const found = counterpart(place, source, key);
      // An item that is not there is made as it is asked for.
      place = found === undefined && Array.isArray(place) ? undefined : at(place, key);
      source = found;
    }
    if (!isObject(place) || !(last in place)) continue;
    const kept = counterpart(place, source, last);
    if (kept !== undefined) place[last] = kept;
    else if (Array.isArray(place)) place.splice(Number(last), 1);
    else delete place[last];
  }
  return result;
}

/** What is in `live` where `wanted` has `key`. */
function counterpart(wanted: unknown, live: unknown, key: string): unknown {
  if (Array.isArray(wanted) && Array.isArray(live) && isNamed(wanted)) {
    const { name } = (at(wanted, key) ?? {}) as { name?: unknown };
    return live.find((one) => isObject(one) && one.name === name);
  }
  return at(live, key);
}

function at(from: unknown, key: string): unknown {
  return isObject(from) ? from[key] : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
