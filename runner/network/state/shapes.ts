// The fields that are read of each kind. A NetworkPolicy is read strictly, because a misspelt field would silently open or close
// what its author meant; everything else may carry more than is read here.
import { z } from 'zod';

const protocol = z.enum(['TCP', 'UDP', 'SCTP']);
const labels = z.record(z.string(), z.string());
const portNumber = z.int().min(1).max(65_535);

const metadata = z.looseObject({
  name: z.string().min(1),
  namespace: z.string().min(1).optional(),
  labels: labels.optional(),
  ownerReferences: z
    .array(z.looseObject({ kind: z.string(), name: z.string(), controller: z.boolean().optional() }))
    .optional(),
  deletionTimestamp: z.string().optional(),
});

const selector = z.strictObject({
  matchLabels: labels.optional(),
  matchExpressions: z
    .array(
      z.strictObject({
        key: z.string().min(1),
        operator: z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist']),
        values: z.array(z.string()).optional(),
      }),
    )
    .optional(),
});

const peer = z.strictObject({
  podSelector: selector.optional(),
  namespaceSelector: selector.optional(),
  ipBlock: z.strictObject({ cidr: z.string(), except: z.array(z.string()).optional() }).optional(),
});

const policyPort = z.strictObject({
  port: z.union([z.int(), z.string()]).optional(),
  endPort: z.int().optional(),
  protocol: protocol.optional(),
});

export const networkPolicy = z.looseObject({
  metadata,
  spec: z
    .strictObject({
      podSelector: selector.optional(),
      policyTypes: z.array(z.enum(['Ingress', 'Egress'])).optional(),
      ingress: z
        .array(z.strictObject({ from: z.array(peer).optional(), ports: z.array(policyPort).optional() }))
        .optional(),
      egress: z
        .array(z.strictObject({ to: z.array(peer).optional(), ports: z.array(policyPort).optional() }))
        .optional(),
    })
    .default({}),
});

const container = z.looseObject({
  ports: z
    .array(
      z.looseObject({
        name: z.string().optional(),
        containerPort: portNumber,
        protocol: protocol.default('TCP'),
      }),
    )
    .default([]),
  restartPolicy: z.string().optional(),
});

const podSpec = z.looseObject({
  containers: z.array(container),
  initContainers: z.array(container).default([]),
  hostNetwork: z.boolean().default(false),
  nodeName: z.string().optional(),
});

const address = z.looseObject({ ip: z.string() });

export const pod = z.looseObject({
  metadata,
  spec: podSpec,
  status: z
    .looseObject({
      phase: z.string().optional(),
      podIP: z.string().optional(),
      podIPs: z.array(address).optional(),
      hostIP: z.string().optional(),
      hostIPs: z.array(address).optional(),
    })
    .default({}),
});

const template = z.looseObject({
  metadata: z.looseObject({ labels: labels.optional() }).default({}),
  spec: podSpec,
});

export const workload = z.looseObject({ metadata, spec: z.looseObject({ template }) });

export const cronJob = z.looseObject({
  metadata,
  spec: z.looseObject({ jobTemplate: z.looseObject({ spec: z.looseObject({ template }) }) }),
});

export const namespace = z.looseObject({ metadata });

export const service = z.looseObject({
  metadata,
  spec: z.looseObject({
    clusterIP: z.string().optional(),
    clusterIPs: z.array(z.string()).optional(),
    selector: labels.optional(),
    ports: z
      .array(
        z.looseObject({
          name: z.string().optional(),
          port: portNumber,
          targetPort: z.union([z.int(), z.string()]).optional(),
          protocol: protocol.default('TCP'),
        }),
      )
      .default([]),
  }),
});

export const endpointSlice = z.looseObject({
  metadata,
  endpoints: z.array(z.looseObject({ addresses: z.array(z.string()) })).default([]),
  ports: z
    .array(z.looseObject({ port: portNumber.optional(), protocol: protocol.default('TCP') }))
    .default([]),
});

export type PodShape = z.infer<typeof pod>;
export type PodSpecShape = z.infer<typeof podSpec>;
