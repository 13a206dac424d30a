// The table of docs/configuration.md, written from the schema so that the two cannot differ.
import { configJsonSchema, type SchemaNode } from './json-schema.ts';

const head = ['| Key | Value | Default | Meaning |', '|---|---|---|---|'];

export function configTable(): string {
  return [...head, ...rows(configJsonSchema(), '')].join('\n');
}

function rows(node: SchemaNode, prefix: string): string[] {
  return Object.entries(node.properties ?? {}).flatMap(([name, child]) => {
    const key = prefix === '' ? name : `${prefix}.${name}`;
    const isRequired = node.required?.includes(name) === true;
    const inner = child.properties === undefined ? rows(child.items ?? {}, `${key}[]`) : rows(child, key);
    // A mapping without words of its own says nothing that its keys do not say.
    const isPlain = child.properties !== undefined && child.description === undefined;
    return isPlain ? inner : [row(key, child, isRequired ? 'required' : ''), ...inner];
  });
}

function row(key: string, node: SchemaNode, absent: string): string {
  const value = node.default;
  const isEmpty = typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  const shown =
    value === undefined
      ? absent
      : isEmpty
        ? Array.isArray(value)
          ? 'empty'
          : ''
        : `\`${JSON.stringify(value)}\``;
  return `| \`${key}\` | ${kind(node)} | ${cell(shown)} | ${cell(node.description ?? '')} |`;
}

const words: Readonly<Record<string, string>> = {
  object: 'mapping',
  string: 'text',
  boolean: 'true, false',
  integer: 'whole number',
};

function kind(node: SchemaNode): string {
  if (node.anyOf !== undefined) return node.anyOf.map(kind).join(' or ');
  if (node.enum !== undefined) return node.enum.map((value) => `\`${value}\``).join(', ');
  if (node.type === 'array')
    return `list of ${node.items?.properties === undefined ? plural(node.items) : 'mappings'}`;
  const type = String(node.type ?? '');
  return words[type] ?? type;
}

function plural(item: SchemaNode | undefined): string {
  return item?.pattern?.startsWith('^\\/') ? 'paths' : 'texts';
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
