// What is wrong with a charter.yaml: every problem at once, each with its place, readable on 80 columns.
import { CharterError, type Code } from '../errors/index.ts';

export interface Problem {
  /** Dotted key, e.g. `personas[0].name`; empty for the file as a whole. */
  readonly path: string;
  /** From 1; where a key is absent, the place of the mapping that lacks it. */
  readonly line: number;
  readonly column: number;
  readonly expected: string;
  readonly got: string;
  /** What was probably meant. */
  readonly suggestion?: string;
  /** Set where the problem is more than a wrong value. */
  readonly code?: 'CHR_TARGET_EXTERNAL';
}

const columns = 80;
const maxRendered = 100;

export class ConfigError extends CharterError {
  override readonly name = 'ConfigError';
  readonly problems: readonly Problem[];

  constructor(file: string, problems: readonly Problem[]) {
    const ordered = problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
    super(codeOf(ordered), renderProblems(file, ordered));
    this.problems = ordered;
  }
}

function codeOf(problems: readonly Problem[]): Code {
  const onlyExternal =
    problems.length > 0 && problems.every((problem) => problem.code === 'CHR_TARGET_EXTERNAL');
  return onlyExternal ? 'CHR_TARGET_EXTERNAL' : 'CHR_CONFIG_INVALID';
}

export function renderProblems(file: string, problems: readonly Problem[]): string {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  const lines = wrap('', `${printable(file)}: ${count}`);
  for (const problem of problems.slice(0, maxRendered)) {
    const where = problem.path === '' ? 'the file' : problem.path;
    lines.push(...wrap('  ', printable(`line ${problem.line}, column ${problem.column}: ${where}`)));
    lines.push(
      ...wrap('    expected: ', printable(problem.expected)),
      ...wrap('    got:      ', printable(problem.got)),
    );
    if (problem.suggestion !== undefined)
      lines.push(...wrap('    did you mean: ', printable(problem.suggestion)));
  }
  if (problems.length > maxRendered) lines.push(`  and ${problems.length - maxRendered} more`);
  return lines.join('\n');
}

/** Breaks at spaces, and inside a word only where the word alone is wider than the line. */
function wrap(prefix: string, text: string): string[] {
  const indent = ' '.repeat(prefix.length);
  const room = columns - prefix.length;
  const lines: string[] = [];
  let rest = text;
  while (rest.length > room) {
    const space = rest.lastIndexOf(' ', room);
    const end = space > 0 ? space : room;
    lines.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  lines.push(rest);
  return lines.map((line, index) => (index === 0 ? prefix : indent) + line);
}

/** A file may hold anything; a terminal must not act on it. */
export function printable(text: string): string {
  return text.replaceAll(
    /[\p{C}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}
