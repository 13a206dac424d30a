// What values.yaml says about its own keys: the comment above a key is its description. One place for words and defaults.
import { type Document, isMap, isScalar, parseDocument, type YAMLMap } from 'yaml';

export interface ValueRow {
  /** Dotted. */
  readonly key: string;
  /** Undefined for a mapping whose keys have rows of their own. */
  readonly fallback: unknown;
  /** Empty where values.yaml has no comment. */
  readonly description: string;
}

/** Rows in the order of the file. A mapping with a comment has a row too; an empty one is a value. */
export function valueRows(text: string): ValueRow[] {
  const document = parseDocument(text);
  if (!isMap(document.contents)) throw new Error('values.yaml is no mapping');
  return rowsOf(document, document.contents, '');
}

function rowsOf(document: Document, map: YAMLMap, prefix: string): ValueRow[] {
  return map.items.flatMap((pair, index) => {
    if (!isScalar(pair.key)) throw new Error(`values.yaml: a key below ${prefix} is no text`);
    const key = prefix === '' ? String(pair.key.value) : `${prefix}.${pair.key.value}`;
    // The library gives the comment above the first key of a mapping to the mapping.
    const comment = index === 0 ? (map.commentBefore ?? pair.key.commentBefore) : pair.key.commentBefore;
    const description = lastParagraph(comment ?? '');
    if (isMap(pair.value) && pair.value.items.length > 0) {
      const inner = rowsOf(document, pair.value, key);
      return description === '' ? inner : [{ key, fallback: undefined, description }, ...inner];
    }
    const fallback = (pair.value as { toJS(document: Document): unknown } | null)?.toJS(document);
    return [{ key, fallback, description }];
  });
}

/** What an empty line parts from the comment of a key is about the file. */
function lastParagraph(comment: string): string {
  const paragraph = comment.split(/\n\s*\n/).at(-1) ?? '';
  return paragraph
    .split('\n')
    .map((line) => line.trim())
    .join(' ')
    .trim();
}
