// Where passwords and client secrets come from: the persona Secret, mounted or asked for, else the environment.
import { dirname, resolve } from 'node:path';
import { CharterError } from '../errors/index.ts';
import { passwordVariable } from './names.ts';
import type { ConfigData, PersonaConfig } from './schema.ts';
import { askedSecret, mountedSecret, type SecretReader, type SecretSource } from './secret-source.ts';

export type { SecretReader } from './secret-source.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface ResolvedSecrets {
  /** By persona name. */
  readonly passwords: Readonly<Record<string, string>>;
  /** By persona name: why there is no password. */
  readonly missing: Readonly<Record<string, string>>;
  readonly clientSecret?: string;
  readonly shortLivedClientSecret?: string;
}

export interface SecretEdges {
  readonly env: Environment;
  readonly readSecret?: SecretReader;
}

type Lookup = { readonly value: string } | { readonly value?: undefined; readonly why: string };

export async function resolveSecrets(
  data: ConfigData,
  path: string,
  { env, readSecret }: SecretEdges,
): Promise<ResolvedSecrets> {
  const { name, via } = data.personaSecret;
  // A relative folder is one beside charter.yaml, wherever the runner is started.
  const directory = resolve(dirname(path), data.personaSecret.directory);
  const source = via === 'api' ? await askedSecret(name, readSecret) : await mountedSecret(name, directory);
  const absentKeys: string[] = [];
  const wanted = async (key: string, ...variables: string[]): Promise<Lookup> => {
    const found = await lookUp(source, key, { env, variables: [key, ...variables] });
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

  const isLookedAt = via === 'mount' || readSecret !== undefined;
  if (isLookedAt && !data.personaSecret.optional && absentKeys.length > 0)
    throw secretMissing(source, [...new Set(absentKeys)]);
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

interface Elsewhere {
  readonly env: Environment;
  readonly variables: readonly string[];
}

async function lookUp(source: SecretSource, key: string, { env, variables }: Elsewhere): Promise<Lookup> {
  const file = await readKey(source, key);
  if (file.value !== undefined) return file;
  const value = variables.map((variable) => env[variable]).find((one) => one !== undefined && one !== '');
  return value === undefined ? file : { value };
}

async function readKey({ name, where, absent, read }: SecretSource, key: string): Promise<Lookup> {
  if (absent !== undefined) return { why: `Secret ${name} ${absent}` };
  try {
    const bytes = await read(key);
    if (bytes === undefined) return { why: `Secret ${name} ${where} has no key ${key}` };
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    // `echo password | kubectl create secret … --from-file` leaves one newline behind; more of them are meant.
    const value = text.replace(/\r?\n$/, '');
    return value === '' ? { why: `key ${key} of Secret ${name} is empty` } : { value };
  } catch (error) {
    const { code } = error as { code?: string };
    return { why: `key ${key} of Secret ${name} cannot be read (${code ?? 'not text'})` };
  }
}

function secretMissing({ name, where, absent }: SecretSource, keys: readonly string[]): CharterError {
  const head =
    absent === undefined
      ? `Secret ${name} ${where} lacks ${keys.length === 1 ? 'this key' : 'these keys'}:`
      : `Secret ${name} ${absent}, and personaSecret.optional is false. Missing keys:`;
  return new CharterError('CHR_PERSONA_SECRET_MISSING', [head, ...keys.map((key) => `  ${key}`)].join('\n'));
}
