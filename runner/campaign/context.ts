// What the body of a case is given.
import { randomBytes } from 'node:crypto';
import type { ClientCredentials, Credentials, Token } from '../clients/index.ts';
import type { Config, ConfigData, Part, Persona } from '../config/index.ts';
import { CharterError } from '../errors/index.ts';
import type { DeclaredCase } from './case.ts';
import { eventually } from './eventually.ts';
import { type CampaignRuntime, oncePerRun } from './runtime.ts';
import { ExpectedFailureSignal, SkipSignal } from './signals.ts';
import type { Clients } from './targets.ts';

export interface CaseContext extends Clients {
  /** The validated charter.yaml. */
  readonly config: ConfigData;
  /** The persona of a per-persona case. */
  readonly persona: Persona;
  /** The personas of the parts named in `cast` and `logins`. */
  readonly cast: Readonly<Record<Part, Persona>>;
  /** Logs the persona in once per run and worker. */
  readonly login: (persona: Persona) => Promise<Token>;
  /** A session of its own, for cases that end it; `login` shares one among all cases. */
  readonly freshLogin: (persona: Persona) => Promise<Token>;
  /** A token of `identity.shortLivedClient`, which expires within seconds. */
  readonly shortLivedLogin: (persona: Persona) => Promise<Token>;
  /** `name=url` of each target outside the cluster; only `modes.allowExternalTargets` lets a run start with any. */
  readonly externalTargets: readonly string[];
  /** Ends the case as skipped. */
  readonly skip: (reason: string) => never;
  /** Ends the case as an expected failure: skipped, with the reason `xfail: …`. */
  readonly xfail: (reason: string) => never;
  /** Notes something worth a look; the verdict stays. */
  readonly warn: (text: string) => void;
  /** Repeats `probe` until it stops throwing, for `withinMs` at most. */
  readonly eventually: <T>(withinMs: number, probe: () => T | Promise<T>) => Promise<T>;
  /** Makes something once for all cases of the run (of one worker): what several cases prepare or compare with. */
  readonly once: <T>(name: string, make: () => Promise<T>) => Promise<T>;
  /** A name for something the case creates, another one in each attempt: `charter_<run>_<case>_<random>`. */
  readonly uniqueName: string;
  /** A fact for the report's properties. */
  readonly property: (name: string, value: string) => void;
  /** Aborted when the case's time is over. */
  readonly signal: AbortSignal;
}

export interface ContextEdges {
  readonly signal: AbortSignal;
  readonly warn: (text: string) => void;
}

export function caseContext(
  declared: DeclaredCase,
  runtime: CampaignRuntime,
  edges: ContextEdges,
): CaseContext {
  const { config, clients } = runtime;
  return {
    ...clients,
    config: config.data,
    get persona() {
      return personaOf(declared, config);
    },
    cast: castOf(declared, config),
    login: (persona) => clients.keycloak.login(credentialsOf(persona, config)),
    freshLogin: (persona) => clients.keycloak.freshLogin(credentialsOf(persona, config)),
    shortLivedLogin: (persona) =>
      clients.keycloak.freshLogin(credentialsOf(persona, config), shortLivedClientOf(config)),
    externalTargets: config.externalTargets,
    skip: (reason) => {
      throw new SkipSignal(reason);
    },
    xfail: (reason) => {
      throw new ExpectedFailureSignal(reason);
    },
    warn: edges.warn,
    eventually: (withinMs, probe) => eventually(probe, { withinMs, everyMs: config.data.budgets.pollMs }),
    once: (name, make) => oncePerRun(runtime, name, make),
    uniqueName: [
      ...['charter', runtime.runId, ...declared.key.toLowerCase().split(/[^a-z0-9]+/)].filter(Boolean),
      randomBytes(3).toString('hex'),
    ].join('_'),
    property: runtime.property,
    signal: edges.signal,
  };
}

function credentialsOf(persona: Persona, config: Config): Credentials {
  if (persona.password === undefined) throw new SkipSignal(config.missingPassword(persona));
  return { username: persona.username, password: persona.password.reveal() };
}

function shortLivedClientOf(config: Config): ClientCredentials {
  const client = config.data.identity.shortLivedClient;
  if (client === undefined) throw new SkipSignal('identity.shortLivedClient is not configured');
  const secret = config.shortLivedClientSecret;
  if (client.secretKey !== undefined && secret === undefined)
    throw new SkipSignal(`${client.secretKey} is not set`);
  return { clientId: client.id, ...(secret === undefined ? {} : { clientSecret: secret.reveal() }) };
}

function personaOf(declared: DeclaredCase, config: Config): Persona {
  const persona = declared.persona === undefined ? undefined : config.persona(declared.persona);
  if (persona === undefined) {
    throw new CharterError(
      'CHR_CAMPAIGN_INVALID',
      `case ${declared.key} uses 'persona' without asking for 'personas'`,
    );
  }
  return persona;
}

/** Reading a part that the case did not ask for is an error of the campaign, not an undefined that travels on. */
function castOf(declared: DeclaredCase, config: Config): Readonly<Record<Part, Persona>> {
  const asked = new Set<Part>([...declared.cast, ...declared.logins]);
  return new Proxy({} as Record<Part, Persona>, {
    get(_target, part: string) {
      const persona = asked.has(part as Part) ? config.part(part as Part) : undefined;
      if (persona === undefined) {
        throw new CharterError(
          'CHR_CAMPAIGN_INVALID',
          `case ${declared.key} uses cast.${part} without asking for it in 'cast' or 'logins'`,
        );
      }
      return persona;
    },
  });
}
