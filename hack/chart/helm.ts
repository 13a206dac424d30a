// Renders the chart with the helm CLI, for tests. No cluster is contacted.
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import { chartFolder } from './paths.ts';

const projectRoot = join(import.meta.dirname, '..', '..');

/** An environment variable's, else that of `make tools`, else the machine's; undefined where there is none. */
export function toolPath(name: string, variable: string): string | undefined {
  const inPath = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name));
  const given = process.env[variable];
  return (given === undefined ? [join(projectRoot, '.kind', 'bin', name), ...inPath] : [given]).find(
    isProgram,
  );
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export const helm = toolPath('helm', 'HELM');

/** The reason that a test is skipped for. */
export const noHelm = 'no helm: make tools';

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

export interface Rendering {
  /** 0 where helm was content. */
  readonly status: number;
  readonly text: string;
  /** What helm wrote to stderr: errors and warnings. */
  readonly messages: string;
}

/** Arguments after `helm`, with values as a file. */
export function runHelm(args: readonly string[], values: object = {}): Rendering {
  if (helm === undefined) throw new Error(noHelm);
  const { status, stdout, stderr, error } = spawnSync(helm, [...args, '--values', '-'], {
    // As people write it, in YAML 1.2: a key that Helm's YAML 1.1 takes for a boolean would be seen here.
    input: stringify(values, { aliasDuplicateObjects: false }),
    encoding: 'utf8',
    timeout: 20_000,
    // Without a cluster `lookup` finds nothing, wherever the test runs.
    env: { ...process.env, KUBECONFIG: '/dev/null' },
  });
  if (error !== undefined) throw error;
  return { status: status ?? 1, text: stdout, messages: stderr };
}

const rendered = new Map<string, Rendering>();

/** As {@link runHelm}, once for the same question: many tests look at the same manifests. */
export function render(values: object = {}, release = 'akko'): Rendering {
  const question = JSON.stringify([values, release]);
  const known = rendered.get(question);
  if (known !== undefined) return known;
  const rendering = runHelm(['template', release, chartFolder, '--namespace', 'akko'], values);
  rendered.set(question, rendering);
  return rendering;
}

export function manifests(values: object = {}, release = 'akko'): Manifest[] {
  const { status, text, messages } = render(values, release);
  if (status !== 0) throw new Error(messages);
  return parsed(text);
}

export function parsed(text: string): Manifest[] {
  return parseAllDocuments(text)
    .map((document) => document.toJS() as Manifest | null)
    .filter((manifest) => manifest !== null);
}

/** The one object of that kind, or that of the name. */
export function only(found: readonly Manifest[], kind: string, name = 'akko-akko-charter-runner'): Manifest {
  const [first, ...more] = found.filter(({ kind: is, metadata }) => is === kind && metadata.name === name);
  if (first === undefined || more.length > 0)
    throw new Error(`${kind} ${name}: ${more.length + (first === undefined ? 0 : 1)} of them, expected one`);
  return first;
}

/** `Kind/name` of each, in byte order. */
export const inventory = (found: readonly Manifest[]): string[] =>
  found.map(({ kind, metadata }) => `${kind}/${metadata.name}`).sort();

/** The text of charter.yaml. */
export function charterOf(found: readonly Manifest[], name?: string): string {
  return (only(found, 'ConfigMap', name).data as Readonly<Record<string, string>>)['charter.yaml'] ?? '';
}

/** The value at a dotted path, e.g. `spec.rules.0.verbs`; undefined where the path ends early. */
export function at(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (inner, step) => (inner as Readonly<Record<string, unknown>> | undefined)?.[step],
      value,
    );
}

export const jobOf = (cronJob: Manifest): unknown => at(cronJob, 'spec.jobTemplate.spec');
export const podOf = (cronJob: Manifest): unknown => at(jobOf(cronJob), 'template.spec');
