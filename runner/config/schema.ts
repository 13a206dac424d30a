// The shape of charter.yaml. Types, defaults, the editors' JSON Schema and docs/configuration.md come from here.
import { z } from 'zod';
import { type Part, parts } from './names.ts';

export { campaignIds, type Part, parts, type TargetName, targetNames } from './names.ts';

const text = z.string().min(1);
const milliseconds = (value: number) =>
  z.number().int().positive().default(value).describe(`milliseconds, default ${value}`);

// Rules that look at two places of the file, or need more than a shape, are in checks/.

const personaName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, {
  error: 'a short name: letters, digits, dot, dash, underscore',
});

/** As Kubernetes allows them in a Secret; so a key can never lead out of the mounted folder. */
const secretKey = z.string().regex(/^(?!\.\.)(?!\.$)[-._A-Za-z0-9]{1,253}$/, {
  error: 'the name of a key in the persona Secret: letters, digits, dot, dash, underscore',
});

const dnsName = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/, {
    error: 'a DNS name in lower case, e.g. cluster.local',
  });

const target = z.strictObject({
  url: text.describe('in-cluster Service URL, e.g. http://akko-akko-trino:8080'),
  expected: z
    .boolean()
    .default(true)
    .describe('false: the target is declared absent and its cases are skipped'),
});

const persona = z.strictObject({
  name: personaName.describe('short name used in reports and in AKKO_TEST_PASSWORD_<NAME>'),
  username: text,
  roles: z.array(text).default([]).describe('platform roles expected in the token'),
  groups: z.array(text).default([]).describe('team and project groups expected in the token'),
  passwordKey: secretKey.optional().describe('key in the persona Secret; default AKKO_TEST_PASSWORD_<NAME>'),
});

const tableName = { catalog: text, schema: text, table: text };
const tableRef = z.strictObject(tableName);
const maskedColumn = z.strictObject({
  name: text,
  type: text.default('varchar').describe('Trino type, sent to OPA as columnType'),
});

const governedTable = z.strictObject({
  ...tableName,
  key: text.describe('primary key column; may be read in clear by every persona'),
  filterColumn: text.optional().describe('column of the row filter'),
  filterValues: z.array(text).default([]).describe('values the analyst may see in filterColumn'),
  maskedColumns: z.array(maskedColumn).default([]),
});

const data = z.strictObject({
  governed: governedTable.optional().describe('the table on which filters and masks are checked'),
  allowed: tableRef.optional().describe('a table every persona of the cast may read'),
  denied: tableRef.optional().describe('a table the analyst must not read'),
  deniedCatalogs: z.array(text).default([]).describe('catalogs the viewer must not see'),
  sandbox: z
    .strictObject({ catalog: text, schema: text })
    .optional()
    .describe('schema the engineer may write to'),
  join: z
    .strictObject({ left: tableRef, right: tableRef, on: text.describe('column in both tables') })
    .optional()
    .describe('two tables of two catalogs for the federated join'),
  project: tableRef.optional().describe('table that two analysts of different projects see differently'),
  declaredDefinerViews: z
    .array(text)
    .default([])
    .describe('catalog.schema.view of definer views that are accepted'),
  taggedColumn: z
    .strictObject({ ...tableName, column: text, type: text.default('varchar') })
    .optional()
    .describe('column tagged as PII in the catalog in advance, for W4'),
});

const path = z.string().startsWith('/');
const backendRoutes = z.strictObject({
  health: z.array(path).default(['/health', '/healthz', '/api/health', '/ready']),
  openapi: path.default('/openapi.json'),
  me: path.optional().describe('answers the caller as JSON: {username, email, groups}'),
  protected: z.array(path).default([]).describe('GET routes that need an identity'),
  layers: z
    .array(z.strictObject({ path, roles: z.array(text).min(1) }))
    .default([])
    .describe('GET routes of the platform layers and the roles that may see each'),
  write: z
    .strictObject({ method: z.enum(['POST', 'PUT', 'PATCH']), path })
    .optional()
    .describe('a route only the admin may write'),
  audit: path.optional().describe('feed of audit events, newest last; accepts ?contains=TEXT'),
  dataAccess: path.optional().describe('filters and masks per role'),
  dataPolicies: path.optional().describe('PUT and DELETE <route>/<scope> edit a data policy'),
});

const policySyncRoutes = z.strictObject({
  health: z.array(path).default(['/health', '/healthz', '/api/v1/health']),
  ready: path.optional(),
  sync: path.default('/api/v1/sync'),
  metrics: path.optional(),
});

const opaRoutes = z.strictObject({
  allow: path.default('/v1/data/trino/allow'),
  rowFilters: path.default('/v1/data/trino/rowFilters'),
  columnMask: path.default('/v1/data/trino/columnMask'),
  batchColumnMasks: path.optional().describe('set it where the platform configures batched masks'),
  batch: path.default('/v1/data/trino/batch'),
  aden: path.optional(),
});

const budgets = z.strictObject({
  connectMs: milliseconds(2_000),
  requestMs: milliseconds(10_000),
  caseMs: milliseconds(90_000),
  runMs: milliseconds(900_000),
  graceMs: milliseconds(5_000),
  healthMs: milliseconds(5_000),
  auditMs: milliseconds(60_000),
  maskMs: milliseconds(30_000),
  syncMs: milliseconds(5_000),
  policyMs: milliseconds(60_000),
  decisionP95Ms: milliseconds(100),
  pollMs: milliseconds(250),
  decisions: z.number().int().positive().default(50).describe('decisions measured by W2.11'),
  tokenLifetimeS: z.number().int().positive().default(300),
});

export const configSchema = z.strictObject({
  environment: text.default('default').describe('name of the platform in reports'),
  targets: z.strictObject({
    keycloak: target,
    opa: target,
    trino: target,
    policySync: target,
    cockpitBackend: target,
  }),
  clusterDomain: dnsName.default('cluster.local'),
  identity: z
    .strictObject({
      realm: text.default('akko'),
      issuer: z.url().optional().describe('canonical issuer, e.g. https://keycloak.<domain>/realms/akko'),
      client: z
        .strictObject({
          id: text.describe('client that may use the password grant'),
          secretKey: secretKey
            .optional()
            .describe('key in the persona Secret (or environment variable) of the client secret'),
        })
        .optional(),
      shortLivedClient: z
        .strictObject({
          id: text,
          secretKey: secretKey.optional(),
          lifetimeS: z.number().int().positive().max(60),
        })
        .optional()
        .describe('client whose tokens expire within seconds, for W5.7'),
      adminRole: text
        .optional()
        .describe('role that only the admin may hold; default: first role of the admin'),
    })
    .prefault({}),
  personas: z.array(persona).default([]),
  cast: z
    .strictObject(
      Object.fromEntries(parts.map((part) => [part, text.optional()])) as Record<
        Part,
        z.ZodOptional<z.ZodString>
      >,
    )
    .prefault({})
    .describe('which persona plays which part'),
  personaSecret: z
    .strictObject({
      name: text.default('akko-test-passwords'),
      directory: text
        .default('/var/run/secrets/charter/personas')
        .describe('mounted Secret, one file per key'),
      optional: z.boolean().default(true).describe('false: missing passwords end the run with exit code 2'),
    })
    .prefault({}),
  data: data.prefault({}),
  routes: z
    .strictObject({
      cockpitBackend: backendRoutes.prefault({}),
      policySync: policySyncRoutes.prefault({}),
      opa: opaRoutes.prefault({}),
    })
    .prefault({}),
  outside: z
    .strictObject({ host: text, port: z.number().int().min(1).max(65_535), nonce: text })
    .optional()
    .describe('host outside the cluster that must not be reachable and answers this nonce, for 14.2'),
  budgets: budgets.prefault({}),
  modes: z
    .strictObject({
      production: z.boolean().default(false).describe('unplanned skips end the run with exit code 3'),
      release: z.boolean().default(false).describe('targets must not report a latest or dev version'),
      strict: z.boolean().default(false).describe('warnings of W4.4 become failures'),
      allowWrites: z.boolean().default(false).describe('runs the cases marked [W]'),
      allowExternalTargets: z.boolean().default(false),
    })
    .prefault({}),
  trino: z
    .strictObject({
      headerTrust: z
        .enum(['refused', 'expected'])
        .default('refused')
        .describe('expected: plain-HTTP Trino trusts X-Trino-User; 11.5 becomes an expected failure'),
    })
    .prefault({}),
  grants: z
    .array(
      z.strictObject({
        verb: text,
        resource: text,
        subresource: text.optional(),
        group: text.optional(),
        name: text.optional(),
      }),
    )
    .default([])
    .describe('what the chart grants the runner, for 14.4'),
  expectedSkips: z
    .array(
      z.strictObject({
        case: text.describe('case id, e.g. 13.1, or key, e.g. C-13/13.1[carol]'),
        reason: text,
      }),
    )
    .default([]),
  suites: z.union([z.enum(['charter', 'all']), z.array(text).min(1)]).default('charter'),
  execution: z
    .strictObject({
      retry: z.number().int().min(0).max(3).default(1).describe('retries of failed cases, after all others'),
      concurrency: z
        .number()
        .int()
        .min(1)
        .max(32)
        .default(4)
        .describe('cases of one campaign that run at once'),
      lock: z.enum(['local', 'none']).default('local').describe('local: one run per host and output folder'),
    })
    .prefault({}),
});

export type ConfigInput = z.input<typeof configSchema>;
export type ConfigData = z.output<typeof configSchema>;
export type PersonaConfig = ConfigData['personas'][number];
export type GovernedTable = NonNullable<ConfigData['data']['governed']>;
export type TableRef = { readonly catalog: string; readonly schema: string; readonly table: string };
