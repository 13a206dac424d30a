// What consumers make of a JUnit file: two schemas, GitLab's rules, and the verdicts a dashboard would show.
import { readFileSync } from 'node:fs';
import { XMLParser } from 'fast-xml-parser';
import { XmlDocument, XsdValidator } from 'libxml2-wasm';
import type { Verdict } from '../../journal/index.ts';

export type Schema = 'junit-10' | 'surefire-test-report';

function load(schema: Schema): XsdValidator {
  using rules = XmlDocument.fromBuffer(readFileSync(new URL(`./${schema}.xsd`, import.meta.url)));
  return XsdValidator.fromDoc(rules);
}
const validators = { 'junit-10': load('junit-10'), 'surefire-test-report': load('surefire-test-report') };

function check(schema: Schema, xml: string): string[] {
  const validator = validators[schema];
  using document = XmlDocument.fromString(xml);
  try {
    validator.validate(document);
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

/** Why junit-10.xsd refuses the file; empty when it accepts it. */
export const junit10 = (xml: string): string[] => check('junit-10', xml);

/** Why the surefire schema refuses a suite of the file, each cut out and less the two attributes it does not know. */
export function surefire(xml: string): string[] {
  const suites = xml.match(/<testsuite [\s\S]*?<\/testsuite>/g) ?? [];
  return suites.flatMap((suite) =>
    check(
      'surefire-test-report',
      suite.replace(/(<testsuite [^>]*?) timestamp="[^"]*" hostname="[^"]*"/, '$1'),
    ),
  );
}

export interface ReadCase {
  readonly classname: string;
  readonly name: string;
  readonly time: number;
  readonly verdict: Verdict;
  readonly flaky: number;
  readonly reruns: number;
  readonly message: string;
}

export interface ReadReport {
  readonly counts: Readonly<Record<'tests' | 'failures' | 'errors', number>>;
  readonly suites: readonly {
    readonly name: string;
    readonly counts: Readonly<Record<string, number>>;
    readonly cases: readonly ReadCase[];
  }[];
  readonly cases: readonly ReadCase[];
  readonly properties: ReadonlyMap<string, string>;
}

type Node = Readonly<Record<string, unknown>>;
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseAttributeValue: false,
  parseTagValue: false,
  trimValues: false,
  htmlEntities: false,
  processEntities: {
    maxTotalExpansions: Number.MAX_SAFE_INTEGER,
    maxExpandedLength: Number.MAX_SAFE_INTEGER,
  },
});

const list = (value: unknown): Node[] =>
  (Array.isArray(value) ? value : [value]).filter(
    (item): item is Node => typeof item === 'object' && item !== null,
  );
const size = (value: unknown): number => (value === undefined ? 0 : Array.isArray(value) ? value.length : 1);
const text = (node: Node | undefined, name: string): string => String(node?.[`@${name}`] ?? '');

export function readJunit(xml: string): ReadReport {
  const root = (parser.parse(xml) as Node).testsuites as Node;
  const suites = list(root.testsuite).map((suite) => ({
    name: text(suite, 'name'),
    counts: Object.fromEntries(
      ['tests', 'failures', 'errors', 'skipped'].map((name) => [name, Number(text(suite, name))]),
    ),
    cases: list(suite.testcase).map(readCase),
  }));
  return {
    counts: {
      tests: Number(text(root, 'tests')),
      failures: Number(text(root, 'failures')),
      errors: Number(text(root, 'errors')),
    },
    suites,
    cases: suites.flatMap(({ cases }) => cases),
    properties: new Map(
      list(root.testsuite)
        .flatMap((suite) => list(suite.properties))
        .flatMap((node) => list(node.property))
        .map((property) => [text(property, 'name'), text(property, 'value')]),
    ),
  };
}

function readCase(node: Node): ReadCase {
  const children = { failed: node.failure, error: node.error, skipped: node.skipped } as const;
  const present = (['failed', 'error', 'skipped'] as const).filter((name) => children[name] !== undefined);
  if (present.length > 1 || present.some((name) => size(children[name]) > 1))
    throw new Error('two outcomes in one case');
  const verdict = present[0] ?? 'passed';
  return {
    classname: text(node, 'classname'),
    name: text(node, 'name'),
    time: Number(text(node, 'time')),
    verdict,
    flaky: size(node.flakyFailure) + size(node.flakyError),
    reruns: size(node.rerunFailure) + size(node.rerunError),
    message: verdict === 'passed' ? '' : text(list(children[verdict])[0], 'message'),
  };
}

/** GitLab: duplicates are dropped, 30 MB and 250,000 objects are refused, stray text makes it show nothing. */
export function gitlab(xml: string): string[] {
  const problems: string[] = [];
  if (Buffer.byteLength(xml) >= 30_000_000) problems.push('30 MB or more');
  const seen = new Set<string>();
  for (const { classname, name } of readJunit(xml).cases) {
    const key = JSON.stringify([classname, name]);
    if (seen.has(key)) problems.push(`twice: ${key}`);
    if (classname === '' || name === '') problems.push(`no name: ${key}`);
    seen.add(key);
  }
  // Elements and attributes: more than the parser counts, so below the limit here is below the limit there.
  const objects = (xml.match(/<[a-zA-Z]/g)?.length ?? 0) + (xml.match(/ [a-z]+="/g)?.length ?? 0);
  if (objects >= 250_000) problems.push(`${objects} objects`);
  const texts = ['failure', 'error', 'skipped', 'stackTrace', 'system-out'].join('|');
  const bare = xml.replace(new RegExp(`<(${texts})(?: [^>]*)?>[^<]*</\\1>`, 'g'), '').replace(/<[^>]*>/g, '');
  if (bare.trim() !== '') problems.push(`stray text: ${bare.trim().slice(0, 40)}`);
  return problems;
}
