// What the governance loop must leave as it was: catalogs, policies and masks, as lines that can be compared.
import { createHash } from 'node:crypto';
import { type CaseContext, type ConfigData, tableSql } from 'charter-runner';
import { maskOf } from '../policy-of.ts';
import { opaIdentity, readAs } from '../query-as.ts';
import type { Snapshot } from './residue.ts';

type Asking = Pick<CaseContext, 'opa' | 'trino' | 'login' | 'cast' | 'config'>;

/** Taken when a case of this run and worker first asks for it: each case that changes something asks before it does. */
export function startSnapshot(asking: Asking & Pick<CaseContext, 'once'>): Promise<Snapshot> {
  return asking.once('the governance loop at its start', () => snapshot(asking));
}

export async function snapshot(asking: Asking): Promise<Snapshot> {
  const { trino, login, cast, opa, config } = asking;
  const catalogs = await readAs({ trino, login }, cast.admin, 'SHOW CATALOGS', 'SHOW CATALOGS');
  const seen: Record<string, string> = {
    catalogs: catalogs.names('Catalog').sort().join(', '),
    policies: await policies({ opa }),
  };
  for (const persona of config.personas) {
    for (const { table, name, type } of maskedColumns(config)) {
      const mask = await maskOf({ opa }, opaIdentity(persona), table, { name, type });
      seen[`mask of ${tableSql(table)} ${name} for ${persona.name}`] = mask ?? 'none';
    }
  }
  return seen;
}

async function policies({ opa }: Pick<Asking, 'opa'>): Promise<string> {
  const answer = await opa.policies();
  if (answer.status !== 200) return `not readable: ${answer.status}`;
  const { result } = answer.json() as { result?: unknown };
  const list = Array.isArray(result) ? (result as { id?: unknown; raw?: unknown }[]) : [];
  const lines = list.map(({ id, raw }) => JSON.stringify([id, raw])).sort();
  return `${lines.length} with SHA-256 ${createHash('sha256').update(lines.join('\n')).digest('hex')}`;
}

function maskedColumns({ data }: ConfigData) {
  const { governed, taggedColumn } = data;
  const masked = governed?.maskedColumns.map(({ name, type }) => ({ table: governed, name, type })) ?? [];
  if (taggedColumn === undefined) return masked;
  return [...masked, { table: taggedColumn, name: taggedColumn.column, type: taggedColumn.type }];
}
