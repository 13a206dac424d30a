// The outcome of one query. Row values stay inside: a report, a diff or an inspected object shows counts only.
import { createHmac, randomBytes } from 'node:crypto';
import { isObject } from './json.ts';
import type { HttpExchange } from './transport/exchange.ts';
import type { TargetError } from './transport/target-error.ts';

export interface Column {
  readonly name: string;
  readonly type: string;
}

export interface QueryError {
  readonly errorName: string;
  readonly errorCode: number;
  readonly errorType: string;
  /** Whole. Where it may quote row values it is redacted from all outputs. */
  readonly message: string;
}

/** refused: Trino did not take the statement (4xx), and there is no query. failed: there is an `error`. */
export type QueryState = 'finished' | 'failed' | 'refused';

export interface QueryFacts {
  readonly state: QueryState;
  /** Status of the answer that ended the query. */
  readonly httpStatus: number;
  readonly queryId?: string;
  readonly columns: readonly Column[];
  readonly error?: QueryError;
  /** What the statement did, e.g. `CREATE TABLE`. */
  readonly updateType?: string;
  /** The request that ended the query, e.g. the page with the error. */
  readonly exchange: HttpExchange;
}

export interface QueryParts extends QueryFacts {
  readonly rows: readonly (readonly unknown[])[];
  /** Whether the statement lists names of the catalog (SHOW CATALOGS and so on) and no data. */
  readonly content: 'data' | 'metadata';
  readonly onRowValue: (text: string) => void;
  readonly badAnswer: (expected: string, got: string) => TargetError;
}

const key = randomBytes(32);

/** Equal values have equal fingerprints within this process; across processes they cannot be compared. */
export function fingerprint(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  return createHmac('sha256', key).update(JSON.stringify(value)).digest('hex').slice(0, 16);
}

export class QueryResult implements QueryFacts {
  readonly state: QueryState;
  readonly httpStatus: number;
  // Declared only: an absent fact shall be absent, not an own property that is undefined.
  declare readonly queryId?: string;
  readonly columns: readonly Column[];
  readonly rowCount: number;
  declare readonly error?: QueryError;
  declare readonly updateType?: string;
  readonly exchange: HttpExchange;
  readonly #parts: QueryParts;

  constructor(parts: QueryParts) {
    this.state = parts.state;
    this.httpStatus = parts.httpStatus;
    if (parts.queryId !== undefined) this.queryId = parts.queryId;
    this.columns = parts.columns;
    this.rowCount = parts.rows.length;
    if (parts.error !== undefined) this.error = parts.error;
    if (parts.updateType !== undefined) this.updateType = parts.updateType;
    this.exchange = parts.exchange;
    this.#parts = parts;
  }

  /** One per row, in order. */
  fingerprints(column: string): string[] {
    return this.#values(column).map(fingerprint);
  }

  /** The one number of a result with one row, such as count(*); the only value that may be shown. */
  number(column: string): number {
    const [value, ...more] = this.#values(column);
    if (more.length > 0 || typeof value !== 'number') {
      throw this.#parts.badAnswer(
        'one row with a number',
        `${this.rowCount} rows of ${this.#typeOf(column)}`,
      );
    }
    return value;
  }

  /** Values in clear; every text in them is redacted from all outputs from now on. */
  reveal(column: string): unknown[] {
    const values = this.#values(column);
    for (const value of values) eachText(value, this.#parts.onRowValue);
    return [...values];
  }

  /** Names that SHOW CATALOGS, SCHEMAS, TABLES or COLUMNS lists, or information_schema. They are no row values, so they may be shown. */
  names(column: string): string[] {
    if (this.#parts.content !== 'metadata')
      throw new TypeError('names() is for statements that list names; this one reads data');
    return this.#values(column).map(String);
  }

  /** Whether any cell, also inside arrays, maps and rows, holds the text. */
  contains(text: string): boolean {
    let found = false;
    for (const row of this.#rows()) {
      eachText(row, (cell) => {
        found ||= cell.includes(text);
      });
    }
    return found;
  }

  toJSON(): QueryFacts & { readonly rowCount: number } {
    return { ...this };
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    const { state, httpStatus, rowCount, columns, error } = this;
    const outcome = error === undefined ? '' : ` ${error.errorName}`;
    return `QueryResult { ${state}${outcome}, HTTP ${httpStatus}, ${rowCount} rows of ${columns.length} columns }`;
  }

  /** Reading values of a query that did not finish would compare nothing with nothing and look equal. */
  #rows(): QueryParts['rows'] {
    if (this.state === 'finished') return this.#parts.rows;
    const got = `${this.state} ${this.error?.errorName ?? `with HTTP ${this.httpStatus}`}`;
    throw this.#parts.badAnswer('a finished query, to read its rows', got);
  }

  #values(column: string): unknown[] {
    const rows = this.#rows();
    const index = this.columns.findIndex(({ name }) => name === column);
    if (index !== -1) return rows.map((row) => row[index]);
    throw this.#parts.badAnswer(
      `a column ${column}`,
      this.columns.map(({ name }) => name).join(', ') || 'no columns',
    );
  }

  #typeOf(column: string): string {
    return this.columns.find(({ name }) => name === column)?.type ?? 'nothing';
  }
}

function eachText(value: unknown, visit: (text: string) => void): void {
  if (typeof value === 'string') visit(value);
  else if (typeof value === 'number' || typeof value === 'boolean') visit(String(value));
  else if (Array.isArray(value)) for (const item of value) eachText(item, visit);
  else if (isObject(value)) {
    for (const [name, item] of Object.entries(value)) {
      visit(name);
      eachText(item, visit);
    }
  }
}
