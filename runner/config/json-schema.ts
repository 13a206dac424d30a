// The JSON Schema of charter.yaml: for editors, for docs/configuration.md, and to know which keys exist where.
import { z } from 'zod';
import { configSchema } from './schema.ts';

export interface SchemaNode {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
}

let generated: SchemaNode | undefined;

export function configJsonSchema(): SchemaNode {
  generated ??= generate();
  return generated;
}

function generate(): SchemaNode {
  const { $schema, ...shape } = z.toJSONSchema(configSchema, { io: 'input' }) as SchemaNode & {
    $schema: string;
  };
  return {
    $schema,
    title: 'charter.yaml',
    description: 'Configuration of charter-runner',
    ...shape,
  } as SchemaNode;
}

/** Dotted keys of the schema, containers included: `data`, `data.governed`, `data.governed.key`; list items as `personas[].name`. */
export function schemaKeys(node: SchemaNode, prefix = ''): string[] {
  const own = Object.entries(node.properties ?? {}).flatMap(([name, child]) => {
    const key = prefix === '' ? name : `${prefix}.${name}`;
    return [key, ...schemaKeys(child, key)];
  });
  return node.items === undefined ? own : [...own, ...schemaKeys(node.items, `${prefix}[]`)];
}

/** The schema of the value at a path, or undefined where the schema knows none. */
export function schemaAt(root: SchemaNode, path: readonly (string | number)[]): SchemaNode | undefined {
  return path.reduce<SchemaNode | undefined>(
    (node, step) => (typeof step === 'number' ? node?.items : node?.properties?.[step]),
    root,
  );
}
