// What an action works with, and how it ends.
import type { Action } from '../decide/decide.ts';
import type { Findings } from '../observe/findings.ts';
import type { OperatorWorld, Scene } from '../operator-world.ts';
import type { StatusChange } from '../status.ts';
import type { Tenant } from '../tenant.ts';

export interface Context {
  readonly world: OperatorWorld;
  readonly scene: Scene;
  readonly found: Findings;
  readonly action: Action;
  /** Writes what changes of the status, and says the new phase. Resolves with the Tenant as it is now. */
  readonly record: (change: StatusChange) => Promise<Tenant>;
  /** What this reconcile has rolled out already, so that settling says so instead of "nothing to do". */
  readonly rolledOut: 'Installed' | 'Upgraded' | undefined;
}

/** `again`: look anew at once. `done`: look again when something changes, or after that time. */
export type Outcome =
  | { readonly next: 'again'; readonly tenant?: Tenant; readonly rolledOut?: 'Installed' | 'Upgraded' }
  | { readonly next: 'done'; readonly afterMs?: number }
  /** The Tenant is gone. */
  | { readonly next: 'gone' };

export type Act = (context: Context) => Promise<Outcome>;
