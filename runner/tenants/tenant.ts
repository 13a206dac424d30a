// The Tenant as it is stored: what its author writes, what the operator writes back, and the check that a stored one can be worked with.
import { z } from 'zod';
import type { Condition } from '../controller/index.ts';
import { type KubeObject, resource } from '../kube/index.ts';
import { chartName, ociReference } from './chart/source.ts';

export const group = 'mesh.openkcm.io';

/** Seconds as Helm takes them: `90s`, `3m`, `1h30m`. */
const duration = z.string().regex(/^(\d+h)?(\d+m)?(\d+s)?$/);

const ignoreRule = z.strictObject({
  paths: z.array(z.string().startsWith('/')).min(1),
  target: z
    .strictObject({ kind: z.string().optional(), name: z.string().optional(), group: z.string().optional() })
    .optional(),
});

export const driftModes = ['off', 'warn', 'correct'] as const;
export const remediations = ['rollback', 'uninstall', 'none'] as const;

const specSchema = z.object({
  clusterRef: z.object({ secretName: z.string(), secretNamespace: z.string().optional() }).optional(),
  workspace: z.string().min(1),
  values: z.record(z.string(), z.unknown()).optional(),
  valuesFrom: z
    .array(
      z.object({
        kind: z.enum(['ConfigMap', 'Secret']),
        name: z.string(),
        key: z.string().optional(),
        optional: z.boolean().optional(),
      }),
    )
    .optional(),
  suspend: z.boolean().optional(),
  timeouts: z
    .object({
      install: duration.optional(),
      upgrade: duration.optional(),
      rollback: duration.optional(),
      uninstall: duration.optional(),
      test: duration.optional(),
    })
    .optional(),
  driftDetection: z
    .object({ mode: z.enum(driftModes).optional(), ignore: z.array(ignoreRule).optional() })
    .optional(),
  remediation: z.enum(remediations).optional(),
  tests: z.enum(['run', 'skip']).optional(),
  chartFrom: z
    .union([
      z.strictObject({ repo: z.string(), name: z.string().regex(chartName), version: z.string() }),
      z.strictObject({ oci: z.string().regex(ociReference) }),
    ])
    .optional(),
  chart: z.unknown().optional(),
});

export type TenantSpec = z.infer<typeof specSchema>;
export type IgnoreRule = z.infer<typeof ignoreRule>;
export type DriftMode = (typeof driftModes)[number];
export type Remediation = (typeof remediations)[number];
export type Phase = 'Pending' | 'Ready' | 'Error';

export interface TenantStatus {
  phase?: Phase;
  lastMessage?: string;
  /** `repo/name:version`, or the OCI reference. */
  lastAppliedChart?: string;
  /** `sha256:` of the chart archive that was applied last. */
  chartDigest?: string;
  observedGeneration?: number;
  conditions?: Condition[];
}

export interface Tenant extends KubeObject {
  spec?: unknown;
  status?: TenantStatus;
}

export const tenants = resource<Tenant>(`${group}/v1alpha1`, 'Tenant', 'tenants');

export type SpecReading =
  | { readonly kind: 'valid'; readonly spec: TenantSpec }
  | { readonly kind: 'invalid'; readonly problem: string };

/** The API server has checked it by the CRD; an older CRD may have let more through. */
export function readSpec(tenant: Tenant): SpecReading {
  const parsed = specSchema.safeParse(tenant.spec);
  if (parsed.success) return { kind: 'valid', spec: parsed.data };
  const [issue] = parsed.error.issues;
  return { kind: 'invalid', problem: `spec.${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}` };
}

/** Which Tenant, of those stored in all clusters. */
export interface TenantId {
  /** Name of the cluster whose API server holds the object. */
  readonly storedOn: string;
  readonly namespace: string;
  readonly name: string;
}

export function keyOfId({ storedOn, namespace, name }: TenantId): string {
  return `${storedOn}|${namespace}|${name}`;
}

export function idOfKey(key: string): TenantId {
  const [storedOn = '', namespace = '', name = ''] = key.split('|');
  return { storedOn, namespace, name };
}

export function idOfTenant(storedOn: string, { metadata }: Tenant): TenantId {
  return { storedOn, namespace: metadata?.namespace ?? '', name: metadata?.name ?? '' };
}

/** Where a Tenant belongs, also when the rest of its spec cannot be read: deleting it must still work. */
export function placeOf({ spec }: Tenant): {
  readonly workspace: string;
  readonly clusterRef?: { readonly secretName: string };
} {
  const { workspace, clusterRef } = (spec ?? {}) as {
    workspace?: unknown;
    clusterRef?: { secretName?: unknown };
  };
  const secretName = clusterRef?.secretName;
  return {
    workspace: typeof workspace === 'string' ? workspace : '',
    ...(typeof secretName === 'string' ? { clusterRef: { secretName } } : {}),
  };
}
