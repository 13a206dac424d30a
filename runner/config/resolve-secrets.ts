// Where passwords and client secrets come from: the mounted Secret, one file per key, else the environment.
import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { CharterError } from '../errors/index.ts';
import { passwordVariable } from './names.ts';
import type { ConfigData, PersonaConfig } from './schema.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface ResolvedSecrets {
  /** By persona name. */
  readonly passwords: Readonly<Record<string, string>>;
  /** By persona name: why there is no password. */
  readonly missing: Readonly<Record<string, string>>;
  readonly clientSecret?: string;
  readonly shortLivedClientSecret?: string;
}

interface Mount {
  readonly name: string;
  readonly directory: string;
  readonly state: 'mounted' | 'absent';
  readonly env: Environment;
}

type Lookup = { readonly value: string } | { readonly value?: undefined; readonly why: string };

export async function resolveSecrets(
  data: ConfigData,
  path: string,
  env: Environment,
): Promise<ResolvedSecrets> {
  const { name } = data.personaSecret;
  // A relative folder is one beside charter.yaml, wherever the runner is started.
  const directory = resolve(dirname(path), data.personaSecret.directory);
  const mount: Mount = { name, directory, state: await stateOf(directory), env };
  const absentKeys: string[] = [];
  const wanted = async (key: string, ...variables: string[]): Promise<Lookup> => {
    const found = await lookUp(mount, key, [key, ...variables]);
    if (found.value === undefined) absentKeys.push(key);
    return found;
  };

  const passwords: Record<string, string> = {};
  const missing: Record<string, string> = {};
  for (const persona of data.personas) {
    const variable = passwordVariable(persona.name);
    const found = await wanted(keyOf(persona), variable);
    if (found.value === undefined)
      missing[persona.name] = `no password for ${persona.name}: ${variable} is not set and ${found.why}`;
    else passwords[persona.name] = found.value;
  }
  const { client, shortLivedClient } = data.identity;
  const clientSecret = client?.secretKey === undefined ? undefined : (await wanted(client.secretKey)).value;
  const shortLived =
    shortLivedClient?.secretKey === undefined ? undefined : (await wanted(shortLivedClient.secretKey)).value;

  if (!data.personaSecret.optional && absentKeys.length > 0)
    throw secretMissing(mount, [...new Set(absentKeys)]);
  return {
    passwords,
    missing,
    ...(clientSecret === undefined ? {} : { clientSecret }),
    ...(shortLived === undefined ? {} : { shortLivedClientSecret: shortLived }),
  };
}

export function keyOf(persona: PersonaConfig): string {
  return persona.passwordKey ?? passwordVariable(persona.name);
}

async function lookUp(mount: Mount, key: string, variables: readonly string[]): Promise<Lookup> {
  const file = await readKey(mount, key);
  if (file.value !== undefined) return file;
  const value = variables
    .map((variable) => mount.env[variable])
    .find((one) => one !== undefined && one !== '');
  return value === undefined ? file : { value };
}

async function readKey({ name, directory, state }: Mount, key: string): Promise<Lookup> {
  if (state === 'absent') return { why: `Secret ${name} is not mounted at ${directory}` };
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      await readFile(join(directory, key)),
    );
    // `echo password | kubectl create secret … --from-file` leaves one newline behind; more of them are meant.
    const value = text.replace(/\r?\n$/, '');
    return value === '' ? { why: `key ${key} of Secret ${name} is empty` } : { value };
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'ENOENT') return { why: `Secret ${name} at ${directory} has no key ${key}` };
    return { why: `key ${key} of Secret ${name} cannot be read (${code ?? 'not text'})` };
  }
}

async function stateOf(directory: string): Promise<Mount['state']> {
  return stat(directory).then(
    () => 'mounted',
    () => 'absent',
  );
}

function secretMissing({ name, directory, state }: Mount, keys: readonly string[]): CharterError {
  const where = state === 'absent' ? `is not mounted at ${directory}` : `at ${directory} lacks`;
  const lines = keys.map((key) => `  ${key}`);
  const list = state === 'absent' ? 'Missing keys:' : `${keys.length === 1 ? 'this key' : 'these keys'}:`;
  const head =
    state === 'absent'
      ? `Secret ${name} ${where}, and personaSecret.optional is false. ${list}`
      : `Secret ${name} ${where} ${list}`;
  return new CharterError('CHR_PERSONA_SECRET_MISSING', [head, ...lines].join('\n'));
}
