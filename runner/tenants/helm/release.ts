// A release as Helm keeps it: Secrets of one namespace, one per revision, the state in a label and everything else packed. Read in this process:
// asking the CLI would cost a process for each look.
import { gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import type { Secret } from '../../kube/index.ts';
import type { ReleaseState } from '../decide/observed.ts';
import type { Values } from '../fingerprint.ts';
import { chartDigestLabel, fingerprintLabel, tenantLabel } from '../names.ts';

/** As much of what Helm keeps as is needed. Helm does not read what has other types. */
const packedShape = z.looseObject({
  name: z.string(),
  version: z.int(),
  info: z.looseObject({ status: z.string().optional() }).optional(),
  manifest: z.string().optional(),
  config: z.record(z.string(), z.unknown()).nullish(),
  hooks: z
    .array(
      z.looseObject({
        name: z.string().optional(),
        events: z.array(z.string()).nullish(),
        last_run: z.looseObject({ phase: z.string().optional() }).nullish(),
      }),
    )
    .nullish(),
});
type Packed = z.infer<typeof packedShape>;

/** A Secret holds 1 MiB, and what Helm packs into it becomes some ten times smaller: more than this is made to fill the memory. */
const longestUnpacked = 16 * 1024 * 1024;

export interface Release {
  readonly name: string;
  /** uid of the Tenant that rolled it out; undefined where nobody said so. */
  readonly tenant: string | undefined;
  readonly state: ReleaseState;
  /** Why it is `unreadable`, in words. */
  readonly trouble: string | undefined;
  readonly revision: number;
  /** Labels of the revision that counts: the latest. */
  readonly fingerprint: string | undefined;
  readonly chartDigest: string | undefined;
  readonly manifest: string;
  /** Those that it was rolled out with. */
  readonly values: Values;
  readonly tests: 'none' | 'due' | 'passed' | 'failed';
  /** Names of hooks, so that their Pods are known. */
  readonly hooks: readonly string[];
  /** The latest revision that was rolled out to its end and is not this one. */
  readonly rollbackTo: number | undefined;
  readonly secret: Secret;
}

export function releaseSelector(name: string): string {
  return `owner=helm,name=${name}`;
}

/** One for each name among the revisions. */
export function readReleases(secrets: readonly Secret[]): Release[] {
  const byName = Object.groupBy(secrets, ({ metadata }) => metadata?.labels?.name ?? '');
  return Object.values(byName).flatMap((revisions = []) => readRelease(revisions) ?? []);
}

/** Of one name. Undefined when there is no revision at all. */
export function readRelease(secrets: readonly Secret[]): Release | undefined {
  const revisions = secrets
    .map((secret) => ({ secret, revision: Number(secret.metadata?.labels?.version ?? 0) }))
    .toSorted((a, b) => b.revision - a.revision);
  const [latest, ...earlier] = revisions;
  if (latest === undefined) return undefined;
  const labels = latest.secret.metadata?.labels ?? {};
  const packed = unpack(latest.secret);
  const good = earlier.find(({ secret }) =>
    ['deployed', 'superseded'].includes(secret.metadata?.labels?.status ?? ''),
  );
  const hooks = packed?.hooks ?? [];
  return {
    name: labels.name ?? '',
    tenant: labels[tenantLabel],
    ...(packed === undefined
      ? { state: 'unreadable', trouble: unreadable(latest.secret) }
      : { state: stateOf(labels.status ?? '', good === undefined ? 'first' : 'later'), trouble: undefined }),
    revision: latest.revision,
    fingerprint: labels[fingerprintLabel],
    chartDigest: labels[chartDigestLabel],
    manifest: packed?.manifest ?? '',
    values: packed?.config ?? {},
    tests: testsOf(hooks),
    hooks: hooks.flatMap(({ name }) => name ?? []),
    rollbackTo: good?.revision,
    secret: latest.secret,
  };
}

function unreadable({ metadata: { name, labels } = {} }: Secret): string {
  return `Secret ${name} says that it is the latest revision of release ${labels?.name}, and Helm has not written it so: put back what was there, or delete it`;
}

function stateOf(status: string, revision: 'first' | 'later'): ReleaseState {
  switch (status) {
    case 'deployed':
    case 'pending-install':
    case 'pending-upgrade':
    case 'pending-rollback':
      return status;
    case 'uninstalling':
    case 'uninstalled':
      return 'uninstalling';
    default:
      return revision === 'first' ? 'failed-install' : 'failed-upgrade';
  }
}

function testsOf(hooks: NonNullable<Packed['hooks']>): Release['tests'] {
  const phases = hooks
    .filter(({ events }) => events?.includes('test'))
    .map(({ last_run: run }) => run?.phase ?? '');
  if (phases.length === 0) return 'none';
  if (phases.includes('Failed')) return 'failed';
  return phases.every((phase) => phase === 'Succeeded') ? 'passed' : 'due';
}

/**
 * Undefined for what Helm would not read, or not as what the labels say: whoever may write Secrets in the workspace may have written it, and
 * Helm would look past it, or take away another revision than was meant.
 */
function unpack({ data, metadata: { name, labels } = {} }: Secret): Packed | undefined {
  const bytes = Buffer.from(Buffer.from(data?.release ?? '', 'base64').toString('latin1'), 'base64');
  try {
    const text = gunzipSync(bytes, { maxOutputLength: longestUnpacked }).toString('utf8');
    const packed = packedShape.parse(JSON.parse(text));
    const isAsLabelled = packed.name === labels?.name && String(packed.version) === labels.version;
    return isAsLabelled && name === `sh.helm.release.v1.${packed.name}.v${packed.version}`
      ? packed
      : undefined;
  } catch {
    return undefined;
  }
}

/** The Secret of an interrupted revision as that of a failed one, which is what unlocks a release. Nothing else in it changes. */
export function markedFailed(secret: Secret, why: string): Secret {
  const packed = unpack(secret);
  const failed = { ...packed, info: { ...packed?.info, status: 'failed', description: why } };
  const data = gzipSync(JSON.stringify(failed)).toString('base64');
  return {
    ...secret,
    metadata: { ...secret.metadata, labels: { ...secret.metadata?.labels, status: 'failed' } },
    data: { ...secret.data, release: Buffer.from(data).toString('base64') },
  };
}
