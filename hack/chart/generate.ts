// Writes what follows from values.yaml: the table of the chart's README.md, and values.schema.json.
// `hack/node hack/chart/generate.ts` after a change of the values; a test says when it was forgotten.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chartFolder } from './paths.ts';
import { type ValueRow, valueRows } from './values-comments.ts';
import { valuesSchema } from './values-schema.ts';

const begin = '<!-- generated: hack/node hack/chart/generate.ts -->';
const end = '<!-- end of generated -->';

export interface ChartFile {
  readonly path: string;
  readonly text: string;
}

/** The files as they should be. */
export async function generatedChartFiles(): Promise<ChartFile[]> {
  const rows = valueRows(readFileSync(join(chartFolder, 'values.yaml'), 'utf8'));
  const words = new Map(rows.map(({ key, description }) => [key, description]));
  const schema = await valuesSchema((key) => words.get(key) || undefined);
  return [
    { path: join(chartFolder, 'values.schema.json'), text: formatted(schema) },
    withTable(join(chartFolder, 'README.md'), rows),
  ];
}

/** As the linter wants it. */
function formatted(schema: object): string {
  const biome = join(chartFolder, '..', '..', 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
  return execFileSync(process.execPath, [biome, 'format', '--stdin-file-path', 'values.schema.json'], {
    input: JSON.stringify(schema, undefined, 2),
    encoding: 'utf8',
  });
}

function withTable(path: string, rows: readonly ValueRow[]): ChartFile {
  const text = readFileSync(path, 'utf8');
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`${path} has no lines '${begin}' and '${end}'`);
  const table = ['| Value | Default | Meaning |', '|---|---|---|', ...rows.map(row)].join('\n');
  return { path, text: `${text.slice(0, from)}${begin}\n\n${table}\n\n${text.slice(to)}` };
}

function row({ key, fallback, description }: ValueRow): string {
  const shown = fallback === undefined || fallback === null ? '' : `\`${JSON.stringify(fallback)}\``;
  return `| \`${key}\` | ${cell(shown)} | ${cell(description)} |`;
}

/** Angle brackets are markup outside of code only. */
function cell(text: string): string {
  return text
    .replaceAll('|', '\\|')
    .split('`')
    .map((part, index) => (index % 2 === 0 ? part.replaceAll('<', '&lt;') : part))
    .join('`');
}

if (import.meta.main) for (const { path, text } of await generatedChartFiles()) writeFileSync(path, text);
