// Writes the parts of docs/ that the code knows best: the configuration table, the JSON Schema, the list of errors.
// `hack/node hack/generate-docs.ts` after a change of the schema or of the codes; a test says when it was forgotten.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { detectionTables } from '../fixtures/testing/detection-page.ts';
import { configJsonSchema, configTable } from '../runner/config/index.ts';
import { errorList } from '../runner/errors/index.ts';

const docs = join(import.meta.dirname, '..', 'docs');

export interface Page {
  readonly path: string;
  readonly text: string;
}

/** The pages as they should be. */
export async function generatedPages(): Promise<Page[]> {
  const schema = `${JSON.stringify(await configJsonSchema(), undefined, 2)}\n`;
  return [
    { path: join(docs, 'charter.schema.json'), text: schema },
    filled('configuration.md', await configTable()),
    filled('errors.md', errorList()),
    filled('detection.md', detectionTables()),
  ];
}

const begin = '<!-- generated: hack/node hack/generate-docs.ts -->';
const end = '<!-- end of generated -->';

function filled(name: string, content: string): Page {
  const path = join(docs, name);
  const text = readFileSync(path, 'utf8');
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`${name} has no lines '${begin}' and '${end}'`);
  return { path, text: `${text.slice(0, from)}${begin}\n\n${content}\n\n${text.slice(to)}` };
}

if (import.meta.main) for (const { path, text } of await generatedPages()) writeFileSync(path, text);
