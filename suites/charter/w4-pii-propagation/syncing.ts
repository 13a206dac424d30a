// Starting a sync, and what stands in the policy engine after it.
import { type CaseContext, expect, type HttpResult, tableSql } from 'charter-runner';
import { configured } from '../configured.ts';
import { configuredIdentity } from '../edge-identity.ts';
import { maskOf } from '../policy-of.ts';
import { opaIdentity } from '../query-as.ts';

export const accepted: readonly number[] = [200, 202];
/** Another sync is running: a scheduled one, or that of another case. */
export const busy: readonly number[] = [409, 429];

type Syncing = Pick<CaseContext, 'policySync' | 'config' | 'cast' | 'eventually' | 'skip'>;

/** Asked again while another sync is running. */
export async function syncAs(
  { policySync, config, eventually, skip }: Omit<Syncing, 'cast'>,
  persona: CaseContext['persona'],
): Promise<HttpResult> {
  const identity = configuredIdentity({ skip }, persona);
  return eventually(config.budgets.maskMs, async () => {
    const answer = await policySync.sync({ identity });
    expect(busy.includes(answer.status), `another sync is running (${answer.status})`).toBe(false);
    return answer;
  });
}

/** For cases about what comes after a sync: without one there is nothing to look at. */
export async function syncOrSkip(context: Syncing): Promise<HttpResult> {
  const { cast, skip } = context;
  const answer = await syncAs(context, cast.admin).catch((error: unknown) => {
    if ((error as Error).name !== 'ConditionNotMet') throw error;
    return skip('another sync runs all the time: see W4.6');
  });
  if (!accepted.includes(answer.status))
    skip(`a sync by ${cast.admin.name} is answered ${answer.status}: see W4.6`);
  return answer;
}

/** One sync for all cases that only look at its masks. */
export function syncedOnce(context: Syncing & Pick<CaseContext, 'once'>): Promise<HttpResult> {
  return context.once('W4: sync', () => syncOrSkip(context));
}

/** The mask of the tagged column, as OPA says for one persona. */
export function taggedMask(
  { opa, config }: Pick<CaseContext, 'opa' | 'config'>,
  persona: CaseContext['persona'],
): Promise<string | undefined> {
  const tagged = configured(config.data.taggedColumn, 'data.taggedColumn');
  return maskOf({ opa }, opaIdentity(persona), tagged, { name: tagged.column, type: tagged.type });
}

/** The analyst's, as soon as it is there; undefined when it is not there in time. */
export function settledMask(
  context: Pick<CaseContext, 'opa' | 'config' | 'cast' | 'eventually' | 'once'>,
): Promise<string | undefined> {
  const { analyst } = context.cast;
  return context.once('W4: mask of the analyst', async () => {
    let mask: string | undefined;
    const look = async () => {
      mask = await taggedMask(context, analyst);
      expect(mask, 'mask').toBeDefined();
    };
    await context.eventually(context.config.budgets.maskMs, look).catch((error: unknown) => {
      if ((error as Error).name !== 'ConditionNotMet') throw error;
    });
    return mask;
  });
}

/** From persona and column to mask, for every column that charter.yaml knows to be masked. */
export type Masks = ReadonlyMap<string, string>;

export async function masksOf({ opa, config }: Pick<CaseContext, 'opa' | 'config'>): Promise<Masks> {
  const { governed, taggedColumn } = config.data;
  const tagged = configured(taggedColumn, 'data.taggedColumn');
  const columns = [
    { table: tagged, name: tagged.column, type: tagged.type },
    ...(governed?.maskedColumns ?? []).map((column) => ({ table: governed ?? tagged, ...column })),
  ];
  const asked = config.personas.flatMap((persona) =>
    columns.map(async ({ table, name, type }) => {
      const mask = await maskOf({ opa }, opaIdentity(persona), table, { name, type });
      return [`${name} of ${tableSql(table)} for ${persona.name}`, mask ?? 'clear'] as const;
    }),
  );
  return new Map(await Promise.all(asked));
}

/** One line per mask that is another one. */
export function changed(before: Masks, after: Masks): string[] {
  return [...after]
    .filter(([what, mask]) => before.get(what) !== mask)
    .map(([what, mask]) => `${what}: was ${before.get(what)}, is ${mask}`);
}
