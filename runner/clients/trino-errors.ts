// Which messages of Trino hold no row value: those of errors that are met before a row is read, or that are about the cluster alone.
// Any other may quote what it failed on: `Cannot cast 'jane.doe@bank.example' to INTEGER`.

/** Names of io.trino.spi.StandardErrorCode. They speak of names, types, the statement and the policies. */
const aboutNoRow: ReadonlySet<string> = new Set([
  ...['SYNTAX_ERROR', 'PERMISSION_DENIED', 'NOT_SUPPORTED', 'TYPE_MISMATCH', 'AMBIGUOUS_NAME'],
  ...['CATALOG_NOT_FOUND', 'SCHEMA_NOT_FOUND', 'TABLE_NOT_FOUND', 'COLUMN_NOT_FOUND', 'TYPE_NOT_FOUND'],
  ...['FUNCTION_NOT_FOUND', 'MISSING_CATALOG_NAME', 'MISSING_SCHEMA_NAME', 'MISSING_COLUMN_NAME'],
  ...['SCHEMA_ALREADY_EXISTS', 'TABLE_ALREADY_EXISTS', 'COLUMN_ALREADY_EXISTS', 'DUPLICATE_COLUMN_NAME'],
  ...[
    'DUPLICATE_NAMED_QUERY',
    'COLUMN_TYPE_UNKNOWN',
    'INVALID_COLUMN_REFERENCE',
    'MISMATCHED_COLUMN_ALIASES',
  ],
  ...['INVALID_VIEW', 'VIEW_IS_STALE', 'VIEW_IS_RECURSIVE', 'INVALID_ROW_FILTER', 'INVALID_COLUMN_MASK'],
  ...['NESTED_AGGREGATION', 'FUNCTION_NOT_AGGREGATE', 'EXPRESSION_NOT_AGGREGATE', 'EXPRESSION_NOT_SCALAR'],
  ...['EXPRESSION_NOT_IN_DISTINCT', 'SUBQUERY_MULTIPLE_ROWS', 'DIVISION_BY_ZERO'],
  ...['USER_CANCELED', 'ADMINISTRATIVELY_KILLED', 'ADMINISTRATIVELY_PREEMPTED', 'QUERY_QUEUE_FULL'],
  ...[
    'EXCEEDED_TIME_LIMIT',
    'EXCEEDED_CPU_LIMIT',
    'EXCEEDED_LOCAL_MEMORY_LIMIT',
    'EXCEEDED_GLOBAL_MEMORY_LIMIT',
  ],
  ...['CLUSTER_OUT_OF_MEMORY', 'NO_NODES_AVAILABLE', 'SERVER_STARTING_UP', 'SERVER_SHUTTING_DOWN'],
  ...['REMOTE_HOST_GONE', 'REMOTE_TASK_MISMATCH', 'PAGE_TRANSPORT_ERROR', 'PAGE_TRANSPORT_TIMEOUT'],
]);

export function mayQuoteRows({ errorName }: { readonly errorName: string }): boolean {
  return !aboutNoRow.has(errorName);
}
