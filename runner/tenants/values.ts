// Values of a release, in the order in which they win: the operator's, then what the Tenant takes from elsewhere, then its own.
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { CharterError } from '../errors/index.ts';
import { isKubeError, type KubeClient, resources } from '../kube/index.ts';
import type { Values } from './fingerprint.ts';
import type { Settings } from './settings.ts';
import type { TenantSpec } from './tenant.ts';

export function mergeValues(...layers: readonly (Values | undefined)[]): Values {
  return layers.reduce<Values>((under, over) => (over === undefined ? under : merged(under, over)), {});
}

/** Of `values` what stands where `like` says something, too. */
export function sharedPart(values: Values, like: Values): Values {
  const shared = Object.entries(values).filter(([key]) => key in like);
  return Object.fromEntries(
    shared.map(([key, value]) => {
      const other = like[key];
      return [key, isMap(value) && isMap(other) ? sharedPart(value, other) : value];
    }),
  );
}

/** As Helm does it: maps into each other, everything else replaced. */
function merged(under: Values, over: Values): Values {
  const result: Record<string, unknown> = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const before = result[key];
    result[key] = isMap(before) && isMap(value) ? merged(before, value) : value;
  }
  return result;
}

/** Of the operator's own chart. Throws CHR_TENANT_VALUES. */
export function ownChartValues({
  chartInstallCrds,
  chartValuesFile: file,
}: Pick<Settings, 'chartInstallCrds' | 'chartValuesFile'>): Values {
  const crds = chartInstallCrds === 'yes' ? { installCRDs: true } : {};
  return mergeValues(crds, file === undefined ? {} : parseValues(readFileSync(file, 'utf8'), file));
}

/** Throws CHR_TENANT_VALUES, naming the object and never what is in it. */
export async function valuesFrom(
  client: KubeClient,
  namespace: string,
  { kind, name, key = 'values.yaml', optional }: ValuesSource,
): Promise<Values> {
  const text = await textOf(client, kind, { namespace, name }, key);
  if (text !== undefined) return parseValues(text, `${kind} ${name}, key ${key}`);
  if (optional) return {};
  throw new CharterError(
    'CHR_TENANT_VALUES',
    `${kind} ${name} of namespace ${namespace} has no key ${key}, or is not there`,
  );
}

type ValuesSource = NonNullable<TenantSpec['valuesFrom']>[number];

async function textOf(
  client: KubeClient,
  kind: 'ConfigMap' | 'Secret',
  ref: { readonly namespace: string; readonly name: string },
  key: string,
): Promise<string | undefined> {
  try {
    if (kind === 'ConfigMap') return (await client.find(resources.configMaps, ref))?.data?.[key];
    const data = (await client.find(resources.secrets, ref))?.data?.[key];
    return data === undefined ? undefined : Buffer.from(data, 'base64').toString('utf8');
  } catch (error) {
    if (!isKubeError(error, 'CHR_KUBE_FORBIDDEN')) throw error;
    throw new CharterError(
      'CHR_TENANT_VALUES',
      `the operator may not read ${kind} ${ref.name} of namespace ${ref.namespace}`,
    );
  }
}

/** Throws CHR_TENANT_VALUES for what is no map. The parser's own words quote the text, which may be secret. */
export function parseValues(text: string, from: string): Values {
  try {
    const value: unknown = parse(text);
    if (value === null || value === undefined) return {};
    if (isMap(value)) return value;
  } catch {
    // Said below.
  }
  throw new CharterError('CHR_TENANT_VALUES', `${from}: no YAML map`);
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
