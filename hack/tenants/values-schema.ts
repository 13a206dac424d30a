// Writes charts/tenant-operator/values.schema.json from the shape below, with the words of values.yaml. Helm checks every install against it, so
// a value that is misspelt or of another kind fails before anything is installed.
// `hack/node hack/tenants/values-schema.ts` after a change of the values; a test says when it was forgotten.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { leastLeaseMs } from '../../runner/tenants/settings.ts';
import { remediations } from '../../runner/tenants/tenant.ts';
import { valueRows } from '../chart/values-comments.ts';
import { projectRoot } from '../kind/paths.ts';

export const operatorChart = join(projectRoot, 'charts', 'tenant-operator');
export const schemaFile = join(operatorChart, 'values.schema.json');

const text = z.string();
const name = z.string().min(1);
const texts = z.record(z.string(), z.string());
/** Checked by Kubernetes, which knows it better. */
const kubernetes = z.record(z.string(), z.unknown());
const count = (least: number, most = 2_147_483_647) => z.int().min(least).max(most);
/** As Go and Helm write it, or whole seconds in quotes: `90s`, `1h30m`, `'90'`. */
const duration = z.string().regex(/^([0-9]+(\.[0-9]+)?(h|m|s|ms))+$|^[0-9]+$/);
const part = <Shape extends z.ZodRawShape>(shape: Shape) => z.strictObject(shape).partial();

const values = part({
  /** Helm hands them to every subchart. */
  global: kubernetes,
  /** An umbrella's condition. */
  enabled: z.boolean(),
  replicaCount: count(0, 10),
  image: part({
    ...{ repository: name, tag: text },
    digest: z.string().regex(/^(sha256:[0-9a-f]{64})?$/),
    pullPolicy: z.enum(['Always', 'IfNotPresent', 'Never']),
  }),
  imagePullSecrets: z.array(z.strictObject({ name })),
  installMode: part({ crdsRbacOnly: z.boolean() }),
  /** The version has to be a text: 1.20 without quotes is the number 1.2. */
  chart: part({ repo: name, name, version: name, installCRDs: z.boolean(), values: kubernetes }),
  discovery: part({ namespace: text, kubeconfigLabel: name, kubeconfigKey: name }),
  watchCluster: part({
    ...{ context: text, ensureCrds: z.boolean() },
    ...{ secretName: text, secretNamespace: text, secretKey: name },
  }),
  operator: part({ checkInterval: duration, watchNamespaces: z.array(name), concurrency: count(1, 1_000) }),
  leaderElection: part({ leaseSeconds: count(leastLeaseMs / 1_000, 3_600) }),
  allowedChartRepos: z.array(name),
  plainHttpRegistries: z.array(name),
  helmTimeout: duration,
  maxHelmTimeout: duration,
  remediation: z.enum(remediations),
  allowChartSkip: z.boolean(),
  workspaceClusterRole: name,
  chartClusterRole: text,
  allowUnsafeKubeconfigs: z.boolean(),
  rbac: part({
    create: z.boolean(),
    valuesFromSecretNamespaces: z.array(name),
    watched: z.array(z.strictObject({ apiGroups: z.array(text).min(1), resources: z.array(name).min(1) })),
  }),
  serviceAccount: part({ name: text, annotations: texts }),
  service: part({ port: count(1, 65_535) }),
  networkPolicy: part({ enabled: z.boolean(), metricsFrom: z.array(kubernetes) }),
  podDisruptionBudget: part({ enabled: z.boolean() }),
  resources: kubernetes,
  podAnnotations: texts,
  podLabels: texts,
  extraEnvs: z.array(kubernetes),
  extraVolumes: z.array(kubernetes),
  extraVolumeMounts: z.array(kubernetes),
  nodeSelector: texts,
  tolerations: z.array(kubernetes),
  affinity: kubernetes,
});

interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
}

/** The file as it should be, as the linter wants it. Draft 7, which every Helm 3 and 4 reads. */
export function operatorValuesSchema(): string {
  const rows = valueRows(readFileSync(join(operatorChart, 'values.yaml'), 'utf8'));
  const words = new Map(rows.map(({ key, description }) => [key, description]));
  const { $schema, ...shape } = z.toJSONSchema(values, { io: 'input', target: 'draft-7' });
  const schema = { $schema, title: 'Values of tenant-operator', ...described(shape as Node, '', words) };
  const biome = join(projectRoot, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
  return execFileSync(process.execPath, [biome, 'format', '--stdin-file-path', 'values.schema.json'], {
    input: JSON.stringify(schema, undefined, 2),
    encoding: 'utf8',
  });
}

function described(node: Node, prefix: string, words: ReadonlyMap<string, string>): Node {
  if (node.properties === undefined) return node;
  const properties = Object.entries(node.properties).map(([key, child]) => {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    const description = words.get(path);
    return [key, { ...(description ? { description } : {}), ...described(child, path, words) }];
  });
  return { ...node, properties: Object.fromEntries(properties) };
}

if (import.meta.main) writeFileSync(schemaFile, operatorValuesSchema());
