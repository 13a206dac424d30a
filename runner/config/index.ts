// Front door: charter.yaml, environment and Secret files → one frozen Config.
// A worker gets its Config ready-made, so the parser and the schema are imported only by who loads a file.
import type { Config } from './config.ts';
import type { SchemaNode } from './json-schema.ts';
import type { LoadOptions } from './options.ts';
import type { ConfigData } from './schema.ts';
import type { Whereabouts } from './whereabouts.ts';

export { absentKeys } from './absent-keys.ts';
export { classifyTarget, type TargetClass, type TargetKind } from './classify-target.ts';
export { Config, type ConfigWire, fromWire, type Persona } from './config.ts';
export { missingKey } from './missing-key.ts';
export {
  campaignIds,
  caseCounts,
  mostDays,
  mostMs,
  type Part,
  parts,
  passwordVariable,
  type TargetName,
  targetNames,
  unknownEnvironment,
} from './names.ts';
export type { LoadOptions } from './options.ts';
export { ConfigError, type Problem } from './problem.ts';
export type { Environment, SecretReader } from './resolve-secrets.ts';
export type { ConfigData, ConfigInput, GovernedTable, PersonaConfig, TableRef } from './schema.ts';
export { Secret } from './secret.ts';
export type { Whereabouts } from './whereabouts.ts';

/** Throws a CharterError (a {@link ConfigError} with every problem at once where the file is wrong), never anything else. */
export async function loadConfig(options: LoadOptions): Promise<Config> {
  const { load } = await import('./load.ts');
  return load(options);
}

/** The data alone, for who reads results: no Secret is looked at, and targets may be anywhere. Throws as {@link loadConfig}. */
export async function loadConfigData(path: string): Promise<ConfigData> {
  return (await import('./load.ts')).loadData(path);
}

/**
 * For who must say where a run belongs though its charter is wrong, or a Secret is missing. Never throws: undefined where it cannot be
 * read or its part `store` is wrong. A platform that cannot be told is {@link unknownEnvironment}.
 */
export async function loadWhereabouts(path: string): Promise<Whereabouts | undefined> {
  return (await import('./load.ts')).loadWhereabouts(path);
}

/** As {@link loadConfig}, of a text that is already there; `path` names it in problems. */
export async function parseConfig(
  path: string,
  text: string,
  options: Omit<LoadOptions, 'path'>,
): Promise<Config> {
  const { parse } = await import('./load.ts');
  return parse(path, text, options);
}

/** The JSON Schema of charter.yaml, for editors; docs/charter.schema.json holds it. */
export async function configJsonSchema(): Promise<SchemaNode> {
  return (await import('./json-schema.ts')).configJsonSchema();
}

/** The rows of docs/configuration.md, as Markdown. */
export async function configTable(): Promise<string> {
  return (await import('./table.ts')).configTable();
}
