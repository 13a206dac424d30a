// `campaign` and `c.case`: a thin layer over vitest's describe and test that knows personas, targets and needs.
import { describe, test } from 'vitest';
import { CharterError } from '../errors/index.ts';
import type { CampaignOptions, CaseOptions, DeclaredCase } from './case.ts';
import type { CaseContext } from './context.ts';
import { nobodyFor, noPersona } from './requirements.ts';
import { runCase } from './run-case.ts';
import { type CampaignRuntime, currentRuntime, registrar, useRegistrar } from './runtime.ts';

export interface Campaign {
  /** Declares one case; `id` is unique in its campaign, `title` states the promise. */
  case(id: string, title: string, body: CaseBody): void;
  case(id: string, title: string, options: CaseOptions, body: CaseBody): void;
}

export type CaseBody = (context: CaseContext) => void | Promise<void>;

const runtime = await currentRuntime();
const seen = new Set<string>();

useRegistrar('if none is set', {
  campaign: (name, define) => void describe(name, define),
  case: (declared, body) => {
    const name = `${declared.id} ${declared.title}${declared.persona === undefined ? '' : ` [${declared.persona}]`}`;
    const options = { meta: { charter: declared }, concurrent: declared.order === 'concurrent', timeout: 0 };
    test(name, options, (context) => runCase(declared, body, runtime, context));
  },
});

/** Declares a campaign, or one more file of it. Cases run side by side unless `order` says otherwise. */
export function campaign(id: string, title: string, define: (c: Campaign) => void): void;
export function campaign(
  id: string,
  title: string,
  options: CampaignOptions,
  define: (c: Campaign) => void,
): void;
export function campaign(
  id: string,
  title: string,
  ...rest: [(c: Campaign) => void] | [CampaignOptions, (c: Campaign) => void]
): void {
  const define = rest[rest.length - 1] as (c: Campaign) => void;
  const options = rest.length === 2 ? rest[0] : {};
  if (!/^[A-Za-z][A-Za-z0-9-]*$/.test(id)) {
    throw new CharterError('CHR_CAMPAIGN_INVALID', `campaign id '${id}' must be letters, digits and dashes`);
  }
  registrar().campaign(`${id} ${title}`, () => {
    define({
      case(caseId: string, caseTitle: string, ...parts: [CaseBody] | [CaseOptions, CaseBody]) {
        const body = parts[parts.length - 1] as CaseBody;
        const caseOptions = parts.length === 2 ? parts[0] : {};
        for (const persona of expand(caseOptions, runtime)) {
          register(declare(id, options, caseId, caseTitle, caseOptions, persona), body);
        }
      },
    });
  });
}

function register(declared: DeclaredCase, body: CaseBody): void {
  if (seen.has(declared.key))
    throw new CharterError('CHR_CAMPAIGN_INVALID', `case ${declared.key} is declared twice`);
  seen.add(declared.key);
  registrar().case(declared, body);
}

function expand(options: CaseOptions, { config }: CampaignRuntime): (string | undefined)[] {
  if (options.personas === undefined) return [undefined];
  if (options.personas === 'each') {
    const names = config.personas.map((persona) => persona.name);
    return names.length === 0 ? [noPersona] : names;
  }
  // One persona may play several parts; it is still one case.
  return [...new Set(options.personas.map((part) => config.part(part)?.name ?? nobodyFor(part)))];
}

function declare(
  id: string,
  options: CampaignOptions,
  caseId: string,
  title: string,
  own: CaseOptions,
  persona: string | undefined,
): DeclaredCase {
  const line = callerLine();
  return {
    key: `${id}/${caseId}${persona === undefined ? '' : `[${persona}]`}`,
    campaign: id,
    id: caseId,
    title,
    ...(persona === undefined ? {} : { persona }),
    ...(line === undefined ? {} : { line }),
    targets: [...new Set([...(options.targets ?? []), ...(own.targets ?? [])])],
    needs: own.needs ?? [],
    cast: own.cast ?? [],
    logins: own.logins ?? [],
    password: own.password ?? 'unused',
    writes: own.writes ?? 'reads',
    retry: own.retry ?? 'as configured',
    order: own.order ?? options.order ?? 'concurrent',
    tags: [...new Set([...(options.tags ?? []), ...(own.tags ?? [])])],
    timeoutMs: own.timeoutMs ?? runtime.config.data.budgets.caseMs,
  };
}

const room = import.meta.dirname;

function callerLine(): number | undefined {
  const frames = new Error().stack?.split('\n').slice(1) ?? [];
  const outside = frames.find((frame) => !frame.includes(room));
  const line = outside?.match(/:(\d+):\d+\)?$/)?.[1];
  return line === undefined ? undefined : Number(line);
}
