// What loading a configuration is given.
import type { Environment, SecretReader } from './resolve-secrets.ts';

export interface LoadOptions {
  /** Of charter.yaml. */
  readonly path: string;
  readonly env: Environment;
  /** The platform that ships with the runner, on loopback; only then may a target be there. */
  readonly embedded?: boolean;
  /** `shipped`: a case that expectedSkips names and that no campaign that ships has is a mistake, unless it names a campaign of its own. */
  readonly campaigns?: 'shipped' | 'own';
  /** Asks the API server for the persona Secret, for `personaSecret.via: api`; without it the Secret is not looked at. */
  readonly readSecret?: SecretReader;
  /** What the command line lays over the file. */
  readonly overrides?: Overrides;
}

export interface Overrides {
  readonly retry?: number;
}
