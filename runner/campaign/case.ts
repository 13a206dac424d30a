// What a campaign author declares about a case.
import type { Part, TargetName } from '../config/index.ts';

/**
 * `sequential`: not beside other cases of the campaign, because they build on each other. `isolated`: nor beside any other case of the run,
 * because it changes what they see; of a sharded run the first shard takes it, when the others have ended.
 */
export type Order = 'concurrent' | 'sequential' | 'isolated';

export interface CampaignOptions {
  /** Targets every case of the campaign talks to. */
  readonly targets?: readonly TargetName[];
  /** Otherwise cases of a campaign run side by side. */
  readonly order?: Order;
  readonly tags?: readonly string[];
}

export interface CaseOptions {
  /** Targets of this case, besides the campaign's. */
  readonly targets?: readonly TargetName[];
  /** Keys of charter.yaml without which the case is skipped, e.g. `data.governed.filterColumn`. */
  readonly needs?: readonly string[];
  /** Parts whose persona the case names; a part without a persona skips the case. */
  readonly cast?: readonly Part[];
  /** Parts that log in: as `cast`, and the persona's password is needed. */
  readonly logins?: readonly Part[];
  /** One case per persona: `each` configured one, or those who play the named parts. */
  readonly personas?: 'each' | readonly Part[];
  /** With `personas`: `required` when each of them logs in. */
  readonly password?: 'required' | 'unused';
  /** `[W]`: could change something if the promise were broken; runs only with `modes.allowWrites`. */
  readonly writes?: 'writes';
  readonly order?: Order;
  readonly retry?: Retry;
  readonly tags?: readonly string[];
  /** Milliseconds; default `budgets.caseMs`. */
  readonly timeoutMs?: number;
}

/**
 * Which ends of a case `execution.retry` tries again. `errors`: only that it could not check; a promise that was seen broken stays so.
 * `never` for a case that may do what it does only once in a run, e.g. send a wrong password.
 */
export type Retry = 'as configured' | 'errors' | 'never';

/** A case as registered: options of campaign and case merged, expanded to one persona where asked. */
export interface DeclaredCase {
  readonly key: string;
  readonly campaign: string;
  readonly id: string;
  readonly title: string;
  readonly persona?: string;
  readonly line?: number;
  readonly targets: readonly TargetName[];
  readonly needs: readonly string[];
  readonly cast: readonly Part[];
  readonly logins: readonly Part[];
  readonly password: 'required' | 'unused';
  readonly writes: 'writes' | 'reads';
  readonly order: Order;
  readonly retry: Retry;
  readonly tags: readonly string[];
  readonly timeoutMs: number;
}

declare module 'vitest' {
  interface TaskMeta {
    charter?: DeclaredCase;
  }
}
