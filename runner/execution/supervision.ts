// What a supervised run is asked for, what can be done to it while it goes on, and what it says at its end.
import type { Config } from '../config/index.ts';
import type { Hold } from './lock-lease.ts';
import type { Recorder } from './record.ts';
import type { Selection } from './select.ts';
import type { WarmWorker } from './warm-worker.ts';

export interface SuperviseOptions {
  readonly config: Config;
  readonly runId: string;
  /** Campaign files, absolute, and the folder their names are relative to. */
  readonly files: readonly string[];
  readonly folder: string;
  readonly selection: Selection;
  readonly recorder: Recorder;
  /** Learns a secret, before any message that may hold it is recorded. */
  readonly onSecret: (text: string) => void;
  /** `from` is the key of the case that printed it, where that is known. */
  readonly onOutput: (text: string, from?: string) => void;
  /** A worker that is loading already, for the first round. */
  readonly worker?: WarmWorker;
  /** A lock that may be lost: no case starts without it, and its loss ends the run. */
  readonly hold?: Hold | undefined;
  /** Settles when the other shards have ended, or with why nobody knows that they have. Without it isolated cases wait for nobody. */
  readonly missingOthers?: ((signal: AbortSignal) => Promise<string | undefined>) | undefined;
}

export interface Supervision {
  readonly end: Promise<SuperviseEnd>;
  /** Takes no further case, gives running ones their grace period, then ends. */
  readonly interrupt: (reason: string) => void;
  readonly kill: () => void;
}

export interface SuperviseEnd {
  /** Why it ended early; undefined when everything ran. */
  readonly interrupted?: string;
  /** Filters that matched nothing. */
  readonly unmatched: readonly string[];
}
