// The shape of charter.yaml. Types, defaults, the editors' JSON Schema and docs/configuration.md come from here.
import { z } from 'zod';
import { mostMs, type Part, parts } from './names.ts';
import { routes } from './schema-routes.ts';
import { store } from './schema-store.ts';

export { campaignIds, type Part, parts, type TargetName, targetNames } from './names.ts';

const text = z.string().min(1);
const milliseconds = (value: number, meaning: string) =>
  z.number().int().positive().max(mostMs).default(value).describe(`milliseconds ${meaning}`);

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

const host = z.string().regex(/^(?:[A-Za-z0-9._-]+|(?=(?:[^:]*:){2})[0-9A-Fa-f:.]+)$/, {
  error: 'a host name or an IP address alone, e.g. 203.0.113.7',
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
  username: text.describe('login name, preferred_username in the token'),
  email: text
    .optional()
    .describe('by which the edge names the user to services; cases that send identity headers need it'),
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
    .strictObject({ left: tableRef, right: tableRef, column: text.describe('in both tables') })
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

const budgets = z.strictObject({
  connectMs: milliseconds(2_000, 'until a connection to a target stands'),
  requestMs: milliseconds(10_000, 'for one request, answer included'),
  caseMs: milliseconds(90_000, 'for one attempt of a case'),
  runMs: milliseconds(900_000, 'for the whole run; what has not run by then is an error'),
  graceMs: milliseconds(5_000, 'that running cases get to end after SIGTERM or the deadline'),
  healthMs: milliseconds(5_000, 'within which a health route answers'),
  auditMs: milliseconds(60_000, 'within which an audit event appears'),
  maskMs: milliseconds(30_000, 'within which a new mask takes effect'),
  syncMs: milliseconds(5_000, 'for one policy sync'),
  policyMs: milliseconds(60_000, 'within which an edited data policy takes effect'),
  decisionP95Ms: milliseconds(100, 'that 95 of 100 OPA decisions stay below'),
  pollMs: milliseconds(250, 'between two looks at something awaited'),
  decisions: z.number().int().positive().default(50).describe('decisions measured by W2.11'),
  tokenLifetimeS: z.number().int().positive().default(300).describe('seconds an access token may live'),
});

/** `lock: local` is short for `lock: {mode: local}`. */
const lock = z.preprocess(
  (value) => (typeof value === 'string' ? { mode: value } : value),
  z.strictObject({
    mode: z
      .enum(['local', 'lease', 'postgres', 'none'])
      .default('local')
      .describe(
        'local: one run per host and output folder; lease: one run per cluster, by the Lease below; postgres: one run per environment and store',
      ),
    lease: text.optional().describe('name of the Lease in the namespace of the Pod, with mode lease'),
    waitMs: z
      .number()
      .int()
      .nonnegative()
      .max(mostMs)
      .default(0)
      .describe('milliseconds to wait for a lock that another run holds'),
    leaseMs: z
      .number()
      .int()
      .min(1_000)
      .max(mostMs)
      .default(30_000)
      .describe(
        'milliseconds after which the lock of a run that died is free; renewed every third of it; with mode lease at least three times budgets.graceMs',
      ),
  }),
);

export const configSchema = z.strictObject({
  environment: text
    .default('default')
    .describe('name of the platform in reports, and in a store that several share'),
  targets: z.strictObject({
    keycloak: target,
    opa: target,
    trino: target,
    policySync: target,
    cockpitBackend: target,
  }),
  clusterDomain: dnsName
    .default('cluster.local')
    .describe('DNS domain of the cluster; <service>.<namespace>.svc.<it> is in the cluster'),
  identity: z
    .strictObject({
      realm: text.default('akko').describe('Keycloak realm of the platform'),
      issuer: z
        .url({ protocol: /^https?$/ })
        .optional()
        .describe('canonical issuer, e.g. https://keycloak.<domain>/realms/akko'),
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
          lifetimeS: z.number().int().positive().max(60).describe('seconds its tokens live'),
        })
        .optional()
        .describe('client whose tokens expire within seconds, for W5.7'),
      adminRole: text
        .optional()
        .describe('role that only the admin may hold; default: first role of the admin'),
    })
    .prefault({}),
  personas: z.array(persona).default([]).describe('users of the platform that cases log in as'),
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
      name: text
        .default('akko-test-passwords')
        .describe('name of the Secret: by which api reads it, and messages call it'),
      via: z
        .enum(['mount', 'api'])
        .default('mount')
        .describe(
          'mount: files in directory; api: the runner asks the API server, in the namespace of its Pod',
        ),
      directory: text
        .default('/var/run/secrets/charter/personas')
        .describe('mounted Secret, one file per key; a relative path starts at charter.yaml'),
      optional: z.boolean().default(true).describe('false: missing passwords end the run with exit code 2'),
    })
    .prefault({}),
  data: data.prefault({}),
  routes: routes.prefault({}),
  outside: z
    .strictObject({ host, port: z.number().int().min(1).max(65_535), nonce: text })
    .optional()
    .describe('host outside the cluster that must not be reachable and answers this nonce, for 14.2'),
  budgets: budgets.prefault({}),
  modes: z
    .strictObject({
      production: z.boolean().default(false).describe('unplanned skips end the run with exit code 3'),
      release: z.boolean().default(false).describe('targets must not report a latest or dev version'),
      strict: z
        .boolean()
        .default(false)
        .describe('what W4.4 and W4.5 warn of and 13.9 skips becomes a failure'),
      allowWrites: z.boolean().default(false).describe('runs the cases marked [W]'),
      allowExternalTargets: z
        .boolean()
        .default(false)
        .describe('targets outside the cluster are accepted, and named in the report'),
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
        reason: text.describe(
          'words of the reason that the skip itself gives, e.g. data.project is not configured',
        ),
      }),
    )
    .default([])
    .describe('skips that are planned: they never make a production run red'),
  suites: z
    .union([z.enum(['charter', 'all']), z.array(text).min(1)])
    .default('charter')
    .describe('campaigns that run: those of the charter, all that ship, or a list of ids'),
  store: store.prefault({}),
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
      // For editors: the mapping, or one of the words that stand for one.
      lock: lock.meta({ type: ['object', 'string'], pattern: '^(local|postgres|none)$' }).prefault({}),
    })
    .prefault({}),
});

export type ConfigInput = z.input<typeof configSchema>;
export type ConfigData = z.output<typeof configSchema>;
export type PersonaConfig = ConfigData['personas'][number];
export type GovernedTable = NonNullable<ConfigData['data']['governed']>;
export type TableRef = { readonly catalog: string; readonly schema: string; readonly table: string };
