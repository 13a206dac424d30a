// Pure: may this case be checked with this configuration? If not, the reason names what is missing.
import { type Config, missingKey, type Part, type Persona } from '../config/index.ts';
import type { DeclaredCase } from './case.ts';
import { SkipSignal } from './signals.ts';

/** The reason to skip the case before it runs, or undefined when all it needs is there. */
export function unmetRequirement(declared: DeclaredCase, config: Config): SkipSignal | undefined {
  const { modes, targets } = config.data;
  for (const name of declared.targets) {
    if (!targets[name].expected)
      return new SkipSignal(`target ${name} is declared absent (targets.${name}.expected: false)`, 'planned');
  }
  if (declared.writes === 'writes' && !modes.allowWrites) {
    return new SkipSignal('writes are off (modes.allowWrites: false)', 'planned');
  }
  for (const key of declared.needs) {
    const missing = missingKey(config, key);
    if (missing !== undefined) return new SkipSignal(`${missing} is not configured`);
  }
  return unmetPersona(declared, config);
}

function unmetPersona(declared: DeclaredCase, config: Config): SkipSignal | undefined {
  for (const part of [...declared.cast, ...declared.logins]) {
    if (config.part(part) === undefined) return new SkipSignal(`cast.${part} is not configured`);
  }
  const loggingIn = declared.logins.map((part) => config.part(part));
  if (declared.password === 'required' && declared.persona !== undefined)
    loggingIn.push(config.persona(declared.persona));
  const usesClient = loggingIn.length > 0 || declared.needs.includes('identity.client');
  if (usesClient && config.data.identity.client === undefined)
    return new SkipSignal('identity.client is not configured');
  for (const persona of loggingIn) {
    if (persona !== undefined && persona.password === undefined)
      return new SkipSignal(config.missingPassword(persona));
  }
  const secretKey = config.data.identity.client?.secretKey;
  if (usesClient && secretKey !== undefined && config.clientSecret === undefined)
    return new SkipSignal(`${secretKey} is not set`);
  if (declared.persona === noPersona) return new SkipSignal('personas is not configured');
  const unplayed = declared.persona === undefined ? undefined : unplayedPart.exec(declared.persona)?.[1];
  if (unplayed !== undefined) return new SkipSignal(`cast.${unplayed} is not configured`);
  return undefined;
}

/** Stands for the persona of a per-persona case when none is configured, so that the case is not lost in silence. */
export const noPersona = '(none)';

/** Stands for the persona of a part that nobody plays; no persona's name holds parentheses. */
export const nobodyFor = (part: Part) => `(${part})`;
const unplayedPart = /^\((.+)\)$/;

/** Personas a declared case concerns, for `--persona`. */
export function personasOf(declared: DeclaredCase, config: Config): Persona[] {
  const names = [...declared.cast, ...declared.logins].map((part) => config.part(part));
  if (declared.persona !== undefined) names.push(config.persona(declared.persona));
  return names.filter((persona) => persona !== undefined);
}
