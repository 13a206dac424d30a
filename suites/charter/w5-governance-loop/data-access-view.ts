// The shape of the cockpit's Data Access view: `{scopes: [{scope, filters, masks}]}`. Pure.
import type { TableName } from 'charter-runner';

export interface Filter extends TableName {
  readonly expression: string;
}

export interface Mask extends Filter {
  readonly column: string;
}

export interface Scope {
  /** Name of a role or group. */
  readonly scope: string;
  readonly filters: readonly Filter[];
  readonly masks: readonly Mask[];
}

/** Undefined when the body is another thing. */
export function scopesOf(body: unknown): Scope[] | undefined {
  const scopes = (body as { scopes?: unknown } | null)?.scopes;
  return Array.isArray(scopes) && scopes.every(isScope) ? scopes : undefined;
}

function isScope(value: unknown): value is Scope {
  const { scope, filters, masks } = (value ?? {}) as Partial<Scope>;
  return typeof scope === 'string' && hold(filters, ['expression']) && hold(masks, ['expression', 'column']);
}

function hold(list: unknown, also: readonly string[]): boolean {
  const fields = ['catalog', 'schema', 'table', ...also];
  return (
    Array.isArray(list) &&
    list.every((item) =>
      fields.every((field) => typeof (item as Record<string, unknown> | null)?.[field] === 'string'),
    )
  );
}
