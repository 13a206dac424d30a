// The shape of the chart's values. Helm checks every install against it, and its message is the validator's own, so choices are
// lists (`value must be one of …`) rather than patterns wherever that is possible. What needs two values is in _refusals.tpl.
import { z } from 'zod';
import { campaignIds, configJsonSchema, mostMs } from '../../runner/config/index.ts';
import { quarantineFile } from '../../runner/store/index.ts';

type SchemaNode = Awaited<ReturnType<typeof configJsonSchema>>;

const texts = z.record(z.string(), z.string());
/** Checked by Kubernetes, which knows it better. */
const kubernetes = z.record(z.string(), z.unknown());
const count = (least: number, most = 2_147_483_647) => z.int().min(least).max(most);
const mostSeconds = mostMs / 1_000;
const orDefault = (type: z.ZodType) => z.union([type, z.null()]).optional();
const port = count(1, 65_535);
const pullPolicy = z.enum(['Always', 'IfNotPresent', 'Never']);
const lockMode = z.enum(['lease', 'postgres', 'none']);
const podTarget = z.strictObject({ podLabels: texts, port: orDefault(port) });

const targets = <Value extends z.ZodType>(value: Value) =>
  z.strictObject({ cockpitBackend: value, trino: value, keycloak: value, opa: value, policySync: value });

/**
 * Each value has its default in values.yaml, so none may be missing: what is set to null, Helm takes away before it looks here, and
 * templates would read it as 0, false or empty. Optional is what Kubernetes has a default for, and what values.yaml itself has as null.
 */
const values = z.strictObject({
  /** Helm hands them to every subchart. */
  global: kubernetes.optional(),
  enabled: z.boolean(),
  schedule: z.string(),
  timeZone: z.string(),
  suites: z.union([z.enum(['charter', 'all']), z.array(z.enum(campaignIds)).min(1)]),
  inClusterTargets: targets(z.string()),
  personaSecret: z.strictObject({
    name: z.string().min(1),
    optional: z.boolean(),
    via: z.enum(['mount', 'api']),
  }),
  config: z.unknown(),
  resources: kubernetes.optional(),
  shards: count(1, 100),
  retry: count(0, 3),
  lock: z.union([
    lockMode,
    z.strictObject({
      mode: lockMode,
      waitSeconds: count(0, mostSeconds),
      leaseSeconds: count(1, mostSeconds),
    }),
  ]),
  results: z.strictObject({
    type: z.enum(['emptyDir', 'persistentVolumeClaim']),
    existingClaim: z.string(),
    storageClass: z.string(),
    size: z.string().min(1),
    accessModes: z.array(z.enum(['ReadWriteOnce', 'ReadWriteMany', 'ReadWriteOncePod'])).min(1),
    annotations: texts,
  }),
  extraSuites: z.strictObject({
    configMap: z.string(),
    image: z.strictObject({ reference: z.string(), pullPolicy, command: z.array(z.string()) }),
  }),
  database: z.strictObject({
    podLabels: texts,
    namespace: z.string(),
    port,
    addresses: z.array(z.string().min(1)),
  }),
  store: z.strictObject({
    secret: z.string(),
    key: z.string().min(1),
    required: z.boolean(),
    quarantine: quarantineFile.shape.quarantine,
  }),
  network: z.strictObject({ enabled: z.boolean() }),
  cockpit: z.strictObject({
    enabled: z.boolean(),
    secret: z.string(),
    key: z.string().min(1),
    port,
    replicas: count(0, 10),
    ingressFrom: z.array(kubernetes),
    trustedProxies: z.array(z.string().min(1)),
    identityHeader: z.string().min(1),
    embedFrom: z.array(z.string().min(1)),
    publicUrl: z.string(),
    resources: kubernetes.optional(),
  }),
  networkPolicy: z.strictObject({
    enabled: z.boolean(),
    dns: z.strictObject({
      namespace: z.string().min(1),
      podLabels: texts,
      port,
      addresses: z.array(z.string()),
    }),
    targets: targets(podTarget),
    apiServer: z.strictObject({ addresses: z.array(z.string()), port }),
  }),
  image: z.strictObject({
    repository: z.string().min(1),
    tag: z.string(),
    digest: z.string().regex(/^(sha256:[0-9a-f]{64})?$/),
  }),
  imagePullPolicy: pullPolicy,
  imagePullSecrets: z.array(z.strictObject({ name: z.string().min(1) })).optional(),
  nodeSelector: texts.optional(),
  tolerations: z.array(kubernetes).optional(),
  affinity: kubernetes.optional(),
  podAnnotations: texts,
  podLabels: texts,
  commonLabels: texts,
  commonAnnotations: texts,
  ttlSecondsAfterFinished: count(0),
  activeDeadlineSeconds: orDefault(count(1)),
  terminationGracePeriodSeconds: orDefault(count(1)),
  backoffLimit: count(0),
  successfulJobsHistoryLimit: count(0),
  failedJobsHistoryLimit: count(0),
  nameOverride: z.string(),
  fullnameOverride: z.string(),
});

/** values.schema.json; `describe` gives the words of values.yaml for a dotted key. Draft 7, which every Helm 3 and 4 reads. */
export async function valuesSchema(describe: (key: string) => string | undefined): Promise<object> {
  const schema = z.toJSONSchema(values, { io: 'input', target: 'draft-7' }) as SchemaNode;
  const { $schema, properties, ...rest } = schema as SchemaNode & { $schema: string };
  const filled = { ...properties, config: configPart(await configJsonSchema()) };
  return {
    $schema,
    title: 'Values of akko-charter-runner',
    ...rest,
    ...described({ properties: filled }, '', describe),
  };
}

/** `config` is a part of charter.yaml: the chart adds the URLs of the targets. */
function configPart(charter: SchemaNode): SchemaNode {
  const { targets, ...others } = charter.properties ?? {};
  const each = Object.entries(targets?.properties ?? {}).map(([name, target]) => [name, optional(target)]);
  const part = optional({ ...targets, properties: Object.fromEntries(each) });
  return withoutHead(withoutPatterns(optional({ ...charter, properties: { ...others, targets: part } })));
}

function withoutHead({
  $schema: _,
  title: __,
  ...node
}: SchemaNode & { $schema?: string; title?: string }): SchemaNode {
  return node;
}

function optional({ required: _, ...node }: SchemaNode): SchemaNode {
  return node;
}

/** Helm's validator knows no lookahead, and shows a pattern without its meaning: these are left to the runner, which explains them. */
function withoutPatterns(node: SchemaNode): SchemaNode {
  return JSON.parse(
    JSON.stringify(node, (key, value) =>
      key === 'pattern' && typeof value === 'string' ? undefined : value,
    ),
  );
}

function described(
  node: SchemaNode,
  prefix: string,
  describe: (key: string) => string | undefined,
): SchemaNode {
  if (node.properties === undefined) return node;
  const properties = Object.entries(node.properties).map(([name, child]) => {
    const key = prefix === '' ? name : `${prefix}.${name}`;
    const words = describe(key);
    return [
      name,
      { ...(words === undefined ? {} : { description: words }), ...described(child, key, describe) },
    ];
  });
  return { ...node, properties: Object.fromEntries(properties) };
}
