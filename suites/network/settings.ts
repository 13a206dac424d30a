// What `charter network run` tells the campaign, and the world it opens for it. The module that opens it is named in the environment, so
// that this campaign needs nothing of a Kubernetes client, and an image without one can carry it.
import type { State } from './catalogue/step.ts';
import type { JudgedCell } from './judging.ts';

export interface NetworkSettings {
  /** URL of the module that opens the stage. */
  readonly stage: string;
  readonly details?: DetailsSettings;
  /** Milliseconds until a step must be as expected. */
  readonly settleMs?: number;
}

export interface DetailsSettings {
  /** It gets one line of JSON per step: latency of every pair, cells that are not judged, writes, milliseconds. */
  readonly file: string;
  /** The run that these lines are of. */
  readonly run: string;
}

export interface Served {
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
  readonly name: string;
}

/** What the campaign asks of the world, besides x, y, z with a, b, c each. */
export interface Wish {
  readonly ports: readonly Served[];
  /** Other names for single Pods. */
  readonly portsOf: Readonly<Record<string, readonly Served[]>>;
}

export interface Latency {
  readonly cells: number;
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

export interface SteppedCell extends JudgedCell {
  readonly latencyMs?: number;
  readonly transients: number;
}

export interface Stepped {
  readonly verdict: 'pass' | 'fail' | 'error';
  readonly cells: readonly SteppedCell[];
  readonly problems: readonly string[];
  readonly latency: Latency | undefined;
  /** Denies that rest on open before and after. Where there are any, the world has no policies afterwards. */
  readonly standIns: number;
  readonly writes: readonly { readonly verb: string; readonly kind: string; readonly purpose: string }[];
  readonly durationMs: number;
  /** Both matrices side by side, differing cells marked. */
  readonly text: string;
}

export interface World {
  readonly names: {
    readonly namespace: (short: string) => string;
    readonly address: (pod: string) => string;
  };
  readonly calibration: {
    /** Only `not-enforced` accuses the engine; what could not be seen is an error. */
    readonly deny: 'enforced' | 'not-enforced' | 'not-seen';
    readonly signals: Readonly<Record<string, string>>;
    readonly problems: readonly string[];
    readonly slowestMs: number;
  };
  readonly pods: () => readonly { readonly ips: readonly string[] }[];
  readonly step: (
    declaration: State & {
      readonly name: string;
      readonly settleMs?: number;
      /** `ground` stays as declared for the step that follows; otherwise the world may be without policies afterwards. */
      readonly purpose?: 'verdict' | 'ground';
    },
  ) => Promise<Stepped>;
  readonly close: () => Promise<void>;
}

export interface Stage {
  readonly world: World;
  readonly apiServer: { readonly address: string; readonly port: number };
  /** Facts for the report: which network the cluster has. */
  readonly properties: Readonly<Record<string, string>>;
}

export interface StageModule {
  /** `signal` ends what waits in it, its steps too, but not its removal. */
  readonly openStage: (wish: Wish, signal: AbortSignal) => Promise<Stage>;
  /** Of milliseconds; undefined for none. */
  readonly latencyOf: (milliseconds: readonly number[]) => Latency | undefined;
}

export const settingsVariable = 'CHARTER_NETWORK';

/** Undefined outside of `charter network run`. */
export function givenSettings(env: NodeJS.ProcessEnv): NetworkSettings | undefined {
  const text = env[settingsVariable];
  return text === undefined || text === '' ? undefined : (JSON.parse(text) as NetworkSettings);
}

/** Imported with the campaign file, because packages that it brings leave globals which a case must not seem to leave. */
export async function stageModule(settings: NetworkSettings): Promise<StageModule> {
  return (await import(settings.stage)) as StageModule;
}
