// What loading a configuration is given.
import type { Environment } from './resolve-secrets.ts';

export interface LoadOptions {
  /** Of charter.yaml. */
  readonly path: string;
  readonly env: Environment;
  /** The platform that ships with the runner, on loopback; only then may a target be there. */
  readonly embedded?: boolean;
  /** What the command line lays over the file. */
  readonly overrides?: Overrides;
}

export interface Overrides {
  readonly retry?: number;
}
