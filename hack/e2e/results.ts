// What runs left on the results claim: read on the node where local-path keeps the volume, so it needs no Pod.
import { XMLParser } from 'fast-xml-parser';
import type { Counts } from '../../runner/journal/index.ts';
import { attempt, run } from '../kind/command.ts';
import type { Kube } from './kube.ts';

export interface ReportedCase {
  /** With its id in front, e.g. `10.1 discovery names …`. */
  readonly name: string;
  readonly verdict: 'passed' | 'failed' | 'error' | 'skipped';
  /** Message of its failure, error or skip. */
  readonly message: string;
}

export interface Report {
  readonly file: string;
  readonly counts: Counts;
  readonly cases: readonly ReportedCase[];
  readonly properties: Readonly<Record<string, string>>;
}

export interface JournalLine {
  readonly event: string;
  readonly at: string;
  readonly [key: string]: unknown;
}

type Node = Readonly<Record<string, unknown>>;

export class Results {
  readonly #kube: Kube;
  readonly #worker: string;
  readonly #claim: string;

  constructor(kube: Kube, worker: string, claim: string) {
    this.#kube = kube;
    this.#worker = worker;
    this.#claim = claim;
  }

  /** On the worker; undefined until the first Pod has bound the claim. */
  async #boundFolder(): Promise<string | undefined> {
    const field = '{.items[?(@.spec.claimRef.name=="CLAIM")].spec';
    const path = ['hostPath', 'local'].map((of) => `${field.replace('CLAIM', this.#claim)}.${of}.path}`);
    return (await this.#kube.text('get', 'pv', '--output', `jsonpath=${path.join('')}`)) || undefined;
  }

  async #folder(): Promise<string> {
    const folder = await this.#boundFolder();
    if (folder === undefined) throw new Error(`no volume is bound to the claim ${this.#claim}`);
    return folder;
  }

  /** File names, oldest first. */
  async files(): Promise<readonly string[]> {
    const listed = await attempt(['docker', 'exec', this.#worker, 'ls', '-1tr', await this.#folder()]);
    return listed.stdout.split('\n').filter((name) => name !== '');
  }

  async text(file: string): Promise<string> {
    return run(['docker', 'exec', this.#worker, 'cat', `${await this.#folder()}/${file}`]);
  }

  async clear(): Promise<void> {
    const folder = await this.#boundFolder();
    if (folder !== undefined) await run(['docker', 'exec', this.#worker, 'sh', '-c', `rm -rf ${folder}/*`]);
  }

  /** Reports whose file name starts like the Pod's, newest last. */
  async reportsOf(pod: string): Promise<readonly Report[]> {
    const files = (await this.files()).filter(
      (name) => name.startsWith(`charter-${pod}`) && name.endsWith('.xml'),
    );
    return Promise.all(files.map(async (file) => readReport(file, await this.text(file))));
  }

  async reportOf(pod: string): Promise<Report> {
    const report = (await this.reportsOf(pod)).at(-1);
    if (report === undefined)
      throw new Error(`no report of ${pod}; there are ${(await this.files()).join(', ') || 'none'}`);
    return report;
  }

  async journal(file: string): Promise<readonly JournalLine[]> {
    const lines = (await this.text(file)).split('\n').filter((line) => line !== '');
    return lines.map((line) => JSON.parse(line) as JournalLine);
  }
}

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  // The name of this option is too narrow: it decodes numbers (&#10;) too.
  htmlEntities: true,
  isArray: (name) => ['testsuite', 'testcase', 'property'].includes(name),
});

export function readReport(file: string, xml: string): Report {
  const root = (parser.parse(xml) as { testsuites: Node }).testsuites;
  const suites = list(root.testsuite);
  const cases = suites.flatMap((suite) => list(suite.testcase)).map(readCase);
  const counted = (verdict: ReportedCase['verdict']) => cases.filter((one) => one.verdict === verdict).length;
  const properties = suites.flatMap((suite) => list((suite.properties as Node | undefined)?.property));
  return {
    file,
    cases,
    counts: {
      tests: cases.length,
      pass: counted('passed'),
      fail: counted('failed'),
      err: counted('error'),
      skip: counted('skipped'),
    },
    properties: Object.fromEntries(properties.map(({ name, value }) => [String(name), String(value)])),
  };
}

function readCase(node: Node): ReportedCase {
  const outcome = (['failure', 'error', 'skipped'] as const).find((name) => node[name] !== undefined);
  const verdict = outcome === undefined ? 'passed' : outcome === 'failure' ? 'failed' : outcome;
  const told = outcome === undefined ? undefined : (node[outcome] as Node | string);
  const message = typeof told === 'object' ? `${told.message ?? ''} ${told['#text'] ?? ''}` : (told ?? '');
  return { name: String(node.name), verdict, message };
}

const list = (value: unknown): readonly Node[] => (value === undefined ? [] : (value as readonly Node[]));
