// charter.yaml, environment and Secret files → Config. The part that needs a YAML parser and a schema; loaded on demand.
import { resolve } from 'node:path';
import { Config } from './config.ts';
import type { LoadOptions, Overrides } from './options.ts';
import { readText } from './read-text.ts';
import { resolveSecrets } from './resolve-secrets.ts';
import type { ConfigData } from './schema.ts';
import { validate } from './validate.ts';
import { type Whereabouts, whereaboutsIn } from './whereabouts.ts';

export async function load({ path, ...options }: LoadOptions): Promise<Config> {
  return parse(path, await readText(path), options);
}

/** Without the Secrets: for who reads results, and logs in nowhere. */
export async function loadData(path: string): Promise<ConfigData> {
  return validate(path, await readText(path), { embedded: true }).data;
}

export async function loadWhereabouts(path: string): Promise<Whereabouts | undefined> {
  const text = await readText(path).catch(() => undefined);
  return text === undefined ? undefined : whereaboutsIn(text);
}

export async function parse(path: string, text: string, options: Omit<LoadOptions, 'path'>): Promise<Config> {
  const { env, embedded = false, overrides = {}, campaigns, readSecret } = options;
  const validated = validate(path, text, { embedded, ...(campaigns === undefined ? {} : { campaigns }) });
  const absolute = resolve(path);
  const data = overridden(validated.data, overrides);
  const secrets = await resolveSecrets(data, absolute, {
    env,
    ...(readSecret === undefined ? {} : { readSecret }),
  });
  return new Config({ ...validated, data, secrets, path: absolute, embedded });
}

function overridden(data: ConfigData, { retry }: Overrides): ConfigData {
  return retry === undefined ? data : { ...data, execution: { ...data.execution, retry } };
}
