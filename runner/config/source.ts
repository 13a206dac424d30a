// charter.yaml as text → plain values, and where in the file each of them stands.
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type YAMLError } from 'yaml';
import { type Place, type Places, placesOf } from './places.ts';
import type { Problem } from './problem.ts';
import { inspectNodes } from './yaml-nodes.ts';

export interface Source extends Places {
  readonly value: Readonly<Record<string, unknown>>;
}

export interface Parsed {
  /** Undefined where the text is no YAML that could be looked at further. */
  readonly source: Source | undefined;
  readonly problems: readonly Problem[];
}

/** Far more than any charter.yaml needs, and too few for a file that grows without end when they are followed. */
const maxAliases = 50;
/** One slip makes the parser stumble many times after; the first are the ones to mend. */
const maxSyntaxProblems = 20;
const aMapping = 'a mapping, beginning with the key targets';

export function parseSource(text: string): Parsed {
  const counter = new LineCounter();
  const at = (offset: number): Place => {
    const { line, col } = counter.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  // The library compares each key with all others of its mapping: minutes for a large file. inspectNodes does it in one pass.
  const document = parseDocument(text, {
    lineCounter: counter,
    prettyErrors: false,
    logLevel: 'error',
    stringKeys: true,
    uniqueKeys: false,
  });
  const syntax = [...document.errors, ...document.warnings].slice(0, maxSyntaxProblems);
  if (syntax.length > 0)
    return { source: undefined, problems: syntax.map((error) => syntaxProblem(error, at(error.pos[0]))) };
  const root = document.contents;
  if (root === null || (isScalar(root) && root.value === null)) return whole(aMapping, 'an empty file');
  if (!isMap(root)) return whole(aMapping, isSeq(root) ? 'a list' : 'a single value');
  const found = inspectNodes(document, at);
  const problems = found.map(({ problem }) => problem);
  if (found.some(({ kind }) => kind !== 'duplicate-key')) return { source: undefined, problems };
  try {
    const value = document.toJS({ maxAliasCount: maxAliases }) as Source['value'];
    return { source: { value, ...placesOf(document, at) }, problems };
  } catch {
    return whole(`at most ${maxAliases} aliases`, 'aliases that multiply without end');
  }
}

function whole(expected: string, got: string): Parsed {
  return { source: undefined, problems: [{ path: '', line: 1, column: 1, expected, got }] };
}

function syntaxProblem(error: YAMLError, place: Place): Problem {
  if (error.code === 'RESOURCE_EXHAUSTION')
    return { path: '', ...place, expected: 'a charter.yaml', got: 'values nested far too deeply' };
  if (error.code === 'MULTIPLE_DOCS')
    return { path: '', ...place, expected: 'one YAML document', got: 'a second one, after ---' };
  return { path: '', ...place, expected: 'valid YAML', got: error.message };
}
