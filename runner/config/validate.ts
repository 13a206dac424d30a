// The text of charter.yaml → data that every rule holds for, or one ConfigError with every problem.
import type { CheckOptions } from './checks/check.ts';
import { checks } from './checks/index.ts';
import { useTheSecret } from './checks/secrets-in-file.ts';
import { externalTargets } from './checks/targets.ts';
import { configJsonSchema, schemaKeys } from './json-schema.ts';
import { ConfigError, type Problem } from './problem.ts';
import { type ConfigData, configSchema } from './schema.ts';
import { shapeProblems } from './shape-problems.ts';
import { parseSource } from './source.ts';

export interface Validated {
  readonly data: ConfigData;
  readonly externalTargets: readonly string[];
  /** Every key charter.yaml may have, dotted. */
  readonly keys: readonly string[];
}

export function validate(file: string, text: string, options: CheckOptions): Validated {
  const { source, problems } = parseSource(text);
  if (source === undefined) throw new ConfigError(file, problems);
  const schema = configJsonSchema();
  const shape = configSchema.safeParse(source.value);
  const all = [
    ...problems,
    ...shapeProblems(shape.error?.issues ?? [], source, schema),
    ...checks.flatMap((check) => check(source, options)),
  ];
  if (all.length > 0 || !shape.success) throw new ConfigError(file, oncePerPlace(all));
  return { data: shape.data, externalTargets: externalTargets(source, options), keys: schemaKeys(schema) };
}

/** A password is an unknown key too, and a URL with credentials is an unfit URL: the refusal of the secret says it best. */
function oncePerPlace(problems: readonly Problem[]): Problem[] {
  const refused = new Set(
    problems.filter(({ expected }) => expected === useTheSecret).map(({ path }) => path),
  );
  return problems.filter(({ path, expected }) => expected === useTheSecret || !refused.has(path));
}
