// Of a charter that may be wrong everywhere: where its runs are kept, and under which platform. A run that was refused must not stand
// under the name of another platform, where nobody looks for it.
import { z } from 'zod';
import { checkSecretsInFile } from './checks/secrets-in-file.ts';
import { unknownEnvironment } from './names.ts';
import { type ConfigData, configSchema } from './schema.ts';
import { parseSource, type Source } from './source.ts';
import { nearest } from './suggest.ts';

export type Whereabouts = Pick<ConfigData, 'environment' | 'store'>;

const { environment, store } = configSchema.shape;
const kept = z.object({ store });
const known = Object.keys(configSchema.shape);

/** Undefined where it cannot be read, or its part `store` is wrong. */
export function whereaboutsIn(text: string): Whereabouts | undefined {
  const { source, problems } = parseSource(text);
  if (source === undefined) return undefined;
  const wrong = [...problems, ...checkSecretsInFile(source, { embedded: true })].map(({ path }) => path);
  const isWrong = (key: string) => wrong.some((path) => path.split(/[.[]/, 1)[0] === key);
  const found = isWrong('store') ? undefined : kept.safeParse(source.value).data;
  return found === undefined ? undefined : { ...found, environment: nameIn(source, isWrong) };
}

function nameIn(source: Source, isWrong: (key: string) => boolean): string {
  const nameAt = (key: string) => (isWrong(key) ? unknownEnvironment : nameOf(source, key));
  if (Object.hasOwn(source.value, 'environment')) return nameAt('environment');
  const strange = Object.keys(source.value).filter((key) => !known.includes(key));
  const [slip, ...others] = strange.filter((key) => nearest(key, known) === 'environment');
  if (slip !== undefined) return others.length === 0 ? nameAt(slip) : unknownEnvironment;
  // `env: prod`, which is near nothing, may be meant for it too.
  const isPerhapsOne = (key: string) =>
    nearest(key, known) === undefined && typeof source.value[key] === 'string';
  return strange.some(isPerhapsOne) ? unknownEnvironment : environment.parse(undefined);
}

function nameOf(source: Source, key: string): string {
  const value = source.value[key];
  // `3.10` is no text, and a name all the same.
  const name = typeof value === 'number' ? source.written([key]) : value;
  return environment.safeParse(name ?? null).data ?? unknownEnvironment;
}
