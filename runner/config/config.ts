// The one frozen configuration of a run: validated data, the passwords that were found, and how to hand both to a worker.
import { createHash } from 'node:crypto';
import type { Part } from './names.ts';
import { keyOf, type ResolvedSecrets } from './resolve-secrets.ts';
import type { ConfigData, PersonaConfig } from './schema.ts';
import { Secret } from './secret.ts';

export type Persona = PersonaConfig & {
  readonly passwordKey: string;
  /** Absent where neither the Secret nor the environment has it; {@link Config.missingPassword} says why. */
  readonly password?: Secret;
};

/** Plain JSON, passwords included: only for a private channel to a child process. */
export interface ConfigWire {
  readonly data: ConfigData;
  readonly secrets: ResolvedSecrets;
  /** Of charter.yaml. */
  readonly path: string;
  readonly embedded: boolean;
  readonly externalTargets: readonly string[];
  readonly keys: readonly string[];
}

export class Config {
  /** Frozen at every depth. */
  readonly data: ConfigData;
  readonly personas: readonly Persona[];
  readonly clientSecret?: Secret;
  readonly shortLivedClientSecret?: Secret;
  readonly path: string;
  /** `name=url` of each target that is outside the cluster, which `modes.allowExternalTargets` permits. */
  readonly externalTargets: readonly string[];
  /** The targets are the reference platform on loopback. */
  readonly embedded: boolean;
  /** Every key charter.yaml may have, dotted. */
  readonly keys: readonly string[];
  /** First 12 hex digits of the SHA-256 of the data, without secrets. */
  readonly hash: string;
  readonly #secrets: ResolvedSecrets;

  constructor(wire: ConfigWire) {
    const { data, secrets } = wire;
    this.data = deepFreeze(structuredClone(data));
    this.personas = Object.freeze(
      this.data.personas.map((persona) => withPassword(persona, secrets.passwords[persona.name])),
    );
    if (secrets.clientSecret !== undefined) this.clientSecret = new Secret(secrets.clientSecret);
    if (secrets.shortLivedClientSecret !== undefined)
      this.shortLivedClientSecret = new Secret(secrets.shortLivedClientSecret);
    this.path = wire.path;
    this.embedded = wire.embedded;
    this.externalTargets = Object.freeze([...wire.externalTargets]);
    this.keys = Object.freeze([...wire.keys]);
    this.hash = createHash('sha256').update(canonical(this.data)).digest('hex').slice(0, 12);
    this.#secrets = deepFreeze(structuredClone(secrets));
    Object.freeze(this);
  }

  persona(name: string): Persona | undefined {
    return this.personas.find((persona) => persona.name === name);
  }

  /** Who plays the part, if anybody. */
  part(part: Part): Persona | undefined {
    const name = this.data.cast[part];
    return name === undefined ? undefined : this.persona(name);
  }

  /** Why the persona cannot log in: names its variable and the Secret. */
  missingPassword(persona: Pick<Persona, 'name'>): string {
    return this.#secrets.missing[persona.name] ?? `no password for ${persona.name}`;
  }

  /** In the clear, for the one who redacts them from every output. */
  allSecrets(): string[] {
    const { passwords, clientSecret, shortLivedClientSecret } = this.#secrets;
    const all = [...Object.values(passwords), clientSecret, shortLivedClientSecret];
    return [...new Set(all.filter((secret) => secret !== undefined))];
  }

  toWire(): ConfigWire {
    const { data, path, embedded, externalTargets, keys } = this;
    return { data, secrets: this.#secrets, path, embedded, externalTargets, keys };
  }
}

/** In the child process: what `toWire` packed. */
export function fromWire(wire: ConfigWire): Config {
  return new Config(wire);
}

function withPassword(persona: PersonaConfig, password: string | undefined): Persona {
  const plain = { ...persona, passwordKey: keyOf(persona) };
  return Object.freeze(password === undefined ? plain : { ...plain, password: new Secret(password) });
}

function deepFreeze<T>(value: T): T {
  if (value !== null && typeof value === 'object' && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const child of Object.values(value)) deepFreeze(child);
  }
  return value;
}

/** JSON with sorted keys: the same settings give the same text, in whatever order the file has them. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (part === null || typeof part !== 'object' || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
}
