// The door of the clients: one protocol client per target, over one HTTP transport.
export { CockpitBackend, type CockpitBackendRoutes } from './cockpit-backend.ts';
export { type EdgeIdentity, identityHeaders } from './identity-headers.ts';
export {
  algNone,
  type DecodedToken,
  decodeToken,
  hs256WithPublicKey,
  tamperMiddle,
  withClaims,
} from './jwt.ts';
export {
  type ClientCredentials,
  type Credentials,
  type Discovery,
  type Jwk,
  Keycloak,
  type KeycloakOptions,
  type Token,
  type VerifiedToken,
} from './keycloak.ts';
export {
  type Batch,
  type BatchColumnMasks,
  type ColumnMask,
  type Decided,
  type Decision,
  Opa,
  type OpaOptions,
  type OpaRoutes,
  type RowFilters,
  type ViewExpression,
} from './opa.ts';
export {
  actionInput,
  batchColumnMasksInput,
  batchInput,
  catalogResource,
  columnMaskInput,
  columnResource,
  type OpaIdentity,
  type OpaInput,
  type OpaResource,
  rowFiltersInput,
  schemaResource,
  type TableName,
  tableResource,
  userResource,
} from './opa-input.ts';
export { PolicySync, type PolicySyncRoutes, type SyncRequest } from './policy-sync.ts';
export type { Column, QueryError, QueryFacts, QueryResult, QueryState } from './query-result.ts';
export { identifierSql, tableSql, textSql } from './sql.ts';
export type { ExchangeTimings, HttpExchange } from './transport/exchange.ts';
export {
  createHttp,
  type HeaderPairs,
  Http,
  type HttpHeaders,
  type HttpMethod,
  type HttpOptions,
  type HttpRequest,
} from './transport/http.ts';
export type { HttpResult, ResponseHeaders } from './transport/result.ts';
export { TargetError, type TargetErrorKind, type TargetErrorOptions } from './transport/target-error.ts';
export { type QueryOptions, Trino, type TrinoOptions } from './trino.ts';
