// The routes of charter.yaml: paths that a platform does not publish, and those that the products have.
import { z } from 'zod';

const text = z.string().min(1);
const path = z.string().regex(/^\//, { error: 'a path that starts with /' });
const backendRoutes = z.strictObject({
  health: z
    .array(path)
    .default(['/health', '/healthz', '/api/health', '/ready'])
    .describe('tried in turn; the first that answers counts'),
  openapi: path.default('/openapi.json').describe('OpenAPI document of the backend'),
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
  health: z
    .array(path)
    .default(['/health', '/healthz', '/api/v1/health'])
    .describe('tried in turn; the first that answers counts'),
  ready: path.optional().describe('readiness route'),
  sync: path.default('/api/v1/sync').describe('POST starts a sync'),
  metrics: path.optional().describe('Prometheus metrics'),
});

const opaRoutes = z.strictObject({
  allow: path.default('/v1/data/trino/allow').describe('decision of Trino: may the user do this'),
  rowFilters: path.default('/v1/data/trino/rowFilters').describe('decision of Trino: row filters of a table'),
  columnMask: path.default('/v1/data/trino/columnMask').describe('decision of Trino: mask of a column'),
  batchColumnMasks: path.optional().describe('set it where the platform configures batched masks'),
  batch: path.default('/v1/data/trino/batch').describe('decision of Trino: which of many resources'),
  aden: path.optional().describe('decision of ADEN: may the user ask about a table, for W2.12'),
});

export const routes = z.strictObject({
  cockpitBackend: backendRoutes.prefault({}),
  policySync: policySyncRoutes.prefault({}),
  opa: opaRoutes.prefault({}),
});
