// Manifests as files: several documents, Lists, folders. Every problem at once, each with file, document and line.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { type Document, LineCounter, parseAllDocuments } from 'yaml';
import { CharterError, wordsOf } from '../../errors/index.ts';
import { type ShapeProblem, StateReader } from './from-objects.ts';
import type { NetworkState } from './types.ts';

export interface ManifestOptions {
  /** Of objects that name none; `default` when not given. */
  readonly namespace?: string;
}

const extensions: ReadonlySet<string> = new Set(['.yaml', '.yml', '.json']);
const maxShown = 20;
const maxAliases = 1000;

/** Reads files and folders (all .yaml, .yml and .json below). Throws CHR_MANIFEST_INVALID with all problems. */
export function readManifests(paths: readonly string[], options: ManifestOptions = {}): NetworkState {
  const files = paths.flatMap((path) => filesAt(path));
  return parseManifests(
    files.map((file) => ({ name: file, text: readText(file) })),
    options,
  );
}

/** As `readManifests`, for texts that are in memory. */
export function parseManifests(
  files: readonly { readonly name: string; readonly text: string }[],
  { namespace = 'default' }: ManifestOptions = {},
): NetworkState {
  const reader = new StateReader({ namespace, source: files.map(({ name }) => name).join(', ') });
  const problems = files.flatMap(({ name, text }) => addFile(reader, name, text));
  if (problems.length > 0) throw invalid(problems);
  return reader.state();
}

function invalid(problems: readonly string[], cause?: unknown): CharterError {
  const more = problems.length > maxShown ? [`and ${problems.length - maxShown} more`] : [];
  const message = [...problems.slice(0, maxShown), ...more].join('\n');
  return new CharterError('CHR_MANIFEST_INVALID', message, cause === undefined ? {} : { cause });
}

function filesAt(path: string): string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
    return readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && extensions.has(extname(entry.name)))
      .map((entry) => join(entry.parentPath, entry.name))
      .toSorted();
  } catch (error) {
    throw unreadable(path, error);
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw unreadable(file, error);
  }
}

function unreadable(path: string, cause: unknown): CharterError {
  return invalid([`${path}: cannot be read: ${wordsOf(cause)}`], cause);
}

function addFile(reader: StateReader, file: string, text: string): string[] {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false });
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((document, index) => {
    const place = (offset: number) => `${file}: document ${index + 1}, line ${lines.linePos(offset).line}`;
    const [broken] = document.errors;
    if (broken !== undefined) return [`${place(broken.pos[0])}: ${broken.message}`];
    return addDocument(reader, document, place);
  });
}

function addDocument(reader: StateReader, document: Document, place: (offset: number) => string): string[] {
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: maxAliases });
  } catch (error) {
    return [`${place(0)}: ${wordsOf(error)}`];
  }
  if (value === null || value === undefined) return [];
  return objectsIn(value).flatMap(({ object, path }) =>
    reader.add(object).map((problem) => told(document, path, object, problem, place)),
  );
}

interface Found {
  readonly object: unknown;
  readonly path: readonly (string | number)[];
}

/** `List`, and `PodList` and its kind; Lists in Lists too. */
function objectsIn(value: unknown, path: readonly (string | number)[] = []): Found[] {
  const { kind, items } = fieldsOf(value);
  if (typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items))
    return items.flatMap((item: unknown, index) => {
      // The items of a PodList need not repeat what the list says of them all.
      const own =
        kind === 'List'
          ? item
          : { apiVersion: fieldsOf(value).apiVersion, kind: kind.slice(0, -4), ...fieldsOf(item) };
      return objectsIn(own, [...path, 'items', index]);
    });
  return [{ object: value, path }];
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function told(
  document: Document,
  path: readonly (string | number)[],
  object: unknown,
  problem: ShapeProblem,
  place: (offset: number) => string,
): string {
  const { kind, metadata } = fieldsOf(object);
  const { name } = fieldsOf(metadata);
  const who = [kind, name].filter((part) => typeof part === 'string').join(' ');
  const field = problem.path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
    .join('')
    .slice(1);
  const words = [field, problem.message].filter((part) => part !== '').join(' ');
  return `${place(offsetOf(document, [...path, ...problem.path]))}: ${who === '' ? words : `${who}: ${words}`}`;
}

/** Where the field stands, or the nearest thing around it that does. */
function offsetOf(document: Document, path: readonly (string | number)[]): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true) as
      | { range?: readonly number[] | null }
      | undefined;
    const start = node?.range?.[0];
    if (start !== undefined) return start;
  }
  return document.contents?.range?.[0] ?? 0;
}
