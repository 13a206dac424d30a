// One page of Trino's answer: read by shape, and shown without its rows.
import { isObject, type JsonObject, parseObject } from './json.ts';
import type { Column, QueryError } from './query-result.ts';
import { mayQuoteRows } from './trino-errors.ts';

export interface TrinoPage {
  readonly id: string;
  readonly nextUri?: string;
  readonly columns?: readonly Column[];
  readonly rows: readonly (readonly unknown[])[];
  readonly error?: QueryError;
  readonly updateType?: string;
}

/** Undefined: not a page of Trino. */
export function readPage(text: string): TrinoPage | undefined {
  const body = parseObject(text);
  if (body === undefined || typeof body.id !== 'string') return undefined;
  const { id, nextUri, columns, data, error, updateType } = body;
  if (nextUri !== undefined && typeof nextUri !== 'string') return undefined;
  if (columns !== undefined && !(Array.isArray(columns) && columns.every(isColumn))) return undefined;
  if (data !== undefined && !(Array.isArray(data) && data.every(Array.isArray))) return undefined;
  if (error !== undefined && !isObject(error)) return undefined;
  return {
    id,
    rows: data ?? [],
    ...(nextUri === undefined ? {} : { nextUri }),
    ...(columns === undefined ? {} : { columns: columns.map(({ name, type }: Column) => ({ name, type })) }),
    ...(error === undefined ? {} : { error: readError(error) }),
    ...(typeof updateType === 'string' ? { updateType } : {}),
  };
}

/**
 * A body as reports may show it. Only fields known to hold no row value are let through; what is not JSON could be a
 * cut page and is withheld whole.
 */
export function describeTrinoBody(text: string): string {
  if (text === '') return '';
  const body = parseObject(text);
  if (body === undefined) return `<${Buffer.byteLength(text)} bytes withheld: not JSON>`;
  const { id, error, columns, data, stats, nextUri, updateType } = body;
  const shown: Record<string, unknown> = { id, error: isObject(error) ? shownError(error) : undefined };
  for (const name of ['nodeVersion', 'environment', 'coordinator', 'starting', 'uptime'])
    shown[name] = body[name];
  if (Array.isArray(columns) && columns.every(isColumn))
    shown.columns = columns.map(({ name, type }) => `${name} ${type}`);
  if (data !== undefined) shown.data = Array.isArray(data) ? `<${data.length} rows withheld>` : '<withheld>';
  if (isObject(stats)) shown.state = stats.state;
  shown.updateType = updateType;
  shown.nextUri = nextUri;
  return JSON.stringify(shown);
}

function readError({ errorName, errorCode, errorType, message }: JsonObject): QueryError {
  return {
    errorName: typeof errorName === 'string' ? errorName : 'UNKNOWN',
    errorCode: typeof errorCode === 'number' ? errorCode : -1,
    errorType: typeof errorType === 'string' ? errorType : 'UNKNOWN',
    message: typeof message === 'string' ? message : '',
  };
}

function shownError(error: JsonObject): QueryError {
  const read = readError(error);
  return mayQuoteRows(read) ? { ...read, message: '<withheld: it may quote row values>' } : read;
}

function isColumn(value: unknown): value is Column {
  return isObject(value) && typeof value.name === 'string' && typeof value.type === 'string';
}
