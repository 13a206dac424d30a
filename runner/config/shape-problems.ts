// What zod says about the shape of charter.yaml → problems a reader can act on.
import type { z } from 'zod';
import { describeValue } from './describe.ts';
import { type SchemaNode, schemaAt, schemaKeys } from './json-schema.ts';
import { campaignIds } from './names.ts';
import type { KeyPath } from './places.ts';
import type { Problem } from './problem.ts';
import type { Source } from './source.ts';
import { nearest } from './suggest.ts';

type Issue = z.core.$ZodIssue;

export function shapeProblems(issues: readonly Issue[], source: Source, schema: SchemaNode): Problem[] {
  return issues.flatMap((issue) => {
    const path = issue.path.filter((step) => typeof step !== 'symbol');
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => unknownKey([...path, key], source, schema));
    return [wrongValue(issue, asWritten(path, source), source)];
  });
}

/** A text that is short for a mapping (`lock: local`) stands where the mapping would. */
function asWritten(path: KeyPath, source: Source): KeyPath {
  const around = path.slice(0, -1);
  return typeof valueAt(source.value, around) === 'string' ? around : path;
}

function unknownKey(path: KeyPath, source: Source, schema: SchemaNode): Problem {
  const key = String(path.at(-1));
  const siblings = Object.keys(schemaAt(schema, path.slice(0, -1))?.properties ?? {});
  const suggestion = nearest(key, siblings) ?? elsewhere(key, schema);
  return {
    path: dotted(path),
    ...source.placeOfKey(path),
    expected: siblings.length > 8 ? 'a known key (docs/configuration.md)' : `one of ${siblings.join(', ')}`,
    got: `the unknown key ${key.slice(0, 60)}`,
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

/** A key that exists, but not here: `realm` at the top is `identity.realm`. */
function elsewhere(key: string, schema: SchemaNode): string | undefined {
  const homes = schemaKeys(schema).filter((known) => known.endsWith(`.${key}`));
  return homes.length === 1 ? homes[0] : undefined;
}

function wrongValue(issue: Issue, path: KeyPath, source: Source): Problem {
  const value = valueAt(source.value, path);
  const written = source.written(path);
  // A password lands in a key's name by mistake only once.
  const mayBeSecret =
    /^(password|secret)Key$/.test(String(path.at(-1))) &&
    value !== undefined &&
    value !== null &&
    value !== '';
  const suggestion = mayBeSecret ? undefined : suggested(issue, path, value, written);
  return {
    path: dotted(path),
    ...source.placeOf(path),
    expected: expectation(issue, path),
    got: mayBeSecret
      ? withheld(value)
      : isMissing(source, path)
        ? 'nothing: the key is missing'
        : describeValue(value, written),
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

function withheld(value: unknown): string {
  if (typeof value === 'string') return `${value.length} characters (withheld)`;
  const kind = Array.isArray(value) ? 'list' : typeof value === 'object' ? 'mapping' : typeof value;
  return `a ${kind} (withheld)`;
}

const types: Readonly<Record<string, string>> = {
  object: 'a mapping',
  array: 'a list',
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
};

function expectation(issue: Issue, path: KeyPath): string {
  switch (issue.code) {
    case 'invalid_type':
      return types[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return `one of ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return issue.origin === 'string'
        ? 'text that is not empty'
        : bound(issue.origin, 'at least', Number(issue.minimum), issue.inclusive);
    case 'too_big':
      return bound(issue.origin, 'at most', Number(issue.maximum), issue.inclusive);
    case 'invalid_format':
      return issue.format === 'url' ? 'an http:// or https:// URL' : issue.message;
    default:
      return path[0] === 'suites' ? 'charter, all, or a list of campaign ids and folders' : issue.message;
  }
}

function bound(origin: string, words: string, limit: number, inclusive: boolean | undefined): string {
  const nearestAllowed = inclusive === false ? (words === 'at least' ? limit + 1 : limit - 1) : limit;
  if (origin === 'array') return `${words} ${nearestAllowed} ${nearestAllowed === 1 ? 'entry' : 'entries'}`;
  return `a whole number, ${words} ${nearestAllowed}`;
}

function suggested(
  issue: Issue,
  path: KeyPath,
  value: unknown,
  written: string | undefined,
): string | undefined {
  if (issue.code === 'invalid_value') return nearest(String(value), issue.values.map(String));
  if (path.length === 1 && path[0] === 'suites' && typeof value === 'string') {
    const known = nearest(value, ['charter', 'all', ...campaignIds]);
    return known === undefined || known === 'charter' || known === 'all' ? known : `[${known}]`;
  }
  if (issue.code !== 'invalid_type') return undefined;
  if (issue.expected === 'string' && (typeof value === 'number' || typeof value === 'boolean'))
    return `"${written ?? value}"`;
  if (issue.expected === 'boolean' && typeof value === 'string') return asBoolean(value);
  if (issue.expected === 'number' && typeof value === 'string' && /^\s*\d+\s*$/.test(value))
    return value.trim();
  if (issue.expected === 'array' && typeof value === 'string' && value !== '')
    return `[${describeValue(value).slice(1, -1)}]`;
  return undefined;
}

function asBoolean(text: string): string | undefined {
  if (/^(yes|y|on|true|1)$/i.test(text)) return 'true';
  return /^(no|n|off|false|0)$/i.test(text) ? 'false' : undefined;
}

function isMissing(source: Source, path: KeyPath): boolean {
  const around = valueAt(source.value, path.slice(0, -1));
  const key = path.at(-1);
  return key !== undefined && around !== null && typeof around === 'object' && !Object.hasOwn(around, key);
}

/** Of the raw file, where anything may stand anywhere. */
export function valueAt(root: unknown, path: KeyPath): unknown {
  return path.reduce<unknown>((value, step) => {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, step)) return undefined;
    return (value as Record<string | number, unknown>)[step];
  }, root);
}

export function dotted(path: KeyPath): string {
  return path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : text === '' ? step : `${text}.${step}`),
    '',
  );
}
