// Goes from state to state: expects, brings about, judges, and remembers what later steps need to know of it.
import { CharterError } from '../../errors/index.ts';
import type { NetworkPolicy } from '../model/types.ts';
import { endsOf, type JudgedCell, type PodId, type StepCell, Talks } from '../verdict/index.ts';
import { bringAbout, type Stage } from './bring-about.ts';
import { type Bounds, changesBetween, declaredState, type State } from './changes.ts';
import type { OutsideTarget, StepDeclaration, StepResult } from './declaration.ts';
import { expectedCells, type Signals } from './expectation.ts';
import { judgeUntilSettled } from './judge-until.ts';
import { baseNamespaceLabels, controlNamespace, harnessLabels, isControl, realNamespace } from './names.ts';
import { stepResult } from './step-result.ts';

/** However slow an engine once was, a step without changes is not watched for longer. */
const longestWatchMs = 5_000;

export interface StepperSettings extends Bounds {
  readonly outside: readonly OutsideTarget[];
  /** Of steps that do not say otherwise. */
  readonly settleMs: number;
  readonly signal: AbortSignal | undefined;
}

interface StandIn {
  readonly step: string;
  /** When it was judged. */
  readonly at: number;
  readonly ends: readonly string[];
}

interface Judged {
  readonly cells: readonly JudgedCell[];
  readonly since: number;
  readonly startedAt: number;
  readonly changes: (cell: StepCell) => boolean;
}

export class Stepper {
  readonly #stage: Stage;
  readonly #settings: StepperSettings;
  readonly #talks = new Talks();
  readonly #standIns: StandIn[] = [];
  #signals: Signals | 'any' = 'any';
  #state: State;
  /** What was expected of each cell in the step before. */
  #before = new Map<string, string>();
  #slowestMs = 0;
  /** Why no further step can be judged. */
  #brokenBy: string | undefined;

  constructor(stage: Stage, settings: StepperSettings) {
    this.#stage = stage;
    this.#settings = settings;
    this.#state = declaredState({ name: '', policies: [] }, settings);
  }

  get slowestMs(): number {
    return this.#slowestMs;
  }

  learn(signals: Signals): void {
    this.#signals = signals;
  }

  expected(declaration: StepDeclaration): ReturnType<typeof expectedCells> {
    return this.#expectedOf(declaredState(declaration, this.#settings));
  }

  async step(declaration: StepDeclaration): Promise<StepResult> {
    const { name, settleMs = this.#settings.settleMs } = declaration;
    this.#stage.writer.taken();
    const judged = await this.#judge(declaration, settleMs, (cells) => cells);
    const durationMs = performance.now() - judged.startedAt;
    const result = stepResult({ ...judged, name, writes: this.#stage.writer.taken(), durationMs });
    this.#slowestMs = Math.max(this.#slowestMs, result.latency?.max ?? 0);
    this.#rememberStandIns(name, judged.cells);
    return result;
  }

  /** A step with this one policy of the control peers; before `learn` any signal will do. */
  async lesson(name: string, policy: NetworkPolicy): Promise<readonly JudgedCell[]> {
    const onlyControl = (cell: StepCell) => isControl(cell.from) || isControl(cell.to);
    const { cells, since } = await this.#judge({ name, policies: [policy] }, this.#settings.settleMs, (all) =>
      all.filter(onlyControl),
    );
    const slow = cells.flatMap(({ expected, observations, verdict }) => {
      const first = observations.findIndex(({ outcome }) => outcome !== 'ok');
      return expected === 'denied' && verdict === 'pass'
        ? [(observations[first]?.start ?? since) - since]
        : [];
    });
    this.#slowestMs = Math.max(this.#slowestMs, ...slow.map(Math.round));
    return cells;
  }

  /** Steps whose stood-in denies have an end that was not seen to talk since, though it is still there. */
  neverReopened(): readonly string[] {
    const { probers } = this.#stage;
    const processes = probers.pods.map(({ id }) => `${id} ${probers.ledger.voice(id)?.boot} `);
    const isThere = (end: string) => processes.some((process) => end.startsWith(process));
    return this.#standIns
      .filter(({ at, ends }) => ends.some((end) => isThere(end) && (this.#talks.last(end) ?? 0) < at))
      .map(({ step }) => step);
  }

  async #judge(
    declaration: StepDeclaration,
    settleMs: number,
    pick: (cells: readonly StepCell[]) => readonly StepCell[],
  ): Promise<Judged> {
    const startedAt = performance.now();
    const wanted = declaredState(declaration, this.#settings);
    const changes = changesBetween(this.#state, wanted);
    await this.#goTo(wanted, changes);
    const since = performance.now();
    const expected = this.#expectedOf(wanted);
    const before = this.#before;
    const hasChanged = (cell: StepCell) =>
      before.has(keyOf(cell)) && before.get(keyOf(cell)) !== cell.expected;
    this.#before = new Map(expected.map((cell) => [keyOf(cell), cell.expected]));
    // Where nothing is to change, what must not change is watched for as long as a change may take.
    const watchMs = expected.some(hasChanged) ? 0 : Math.min(this.#slowestMs, longestWatchMs);
    const { cells } = await judgeUntilSettled({
      ...{ probers: this.#stage.probers, talks: this.#talks, signal: this.#settings.signal },
      ...{ cells: pick(expected), since, confirmFrom: since + watchMs, settleMs },
    });
    return { cells, since, startedAt, changes: hasChanged };
  }

  /** A state that was half brought about is unknown: whatever is judged in it could be anything. */
  async #goTo(wanted: State, changes: ReturnType<typeof changesBetween>): Promise<void> {
    if (this.#brokenBy !== undefined)
      throw new CharterError('CHR_WORLD', `the world is in an unknown state since: ${this.#brokenBy}`);
    try {
      await bringAbout(this.#stage, changes);
    } catch (error) {
      this.#brokenBy = error instanceof Error ? error.message : String(error);
      throw error;
    }
    this.#state = wanted;
  }

  #expectedOf(state: State): ReturnType<typeof expectedCells> {
    const { suffix, probers } = this.#stage;
    const harness = harnessLabels(suffix);
    const control = [controlNamespace, baseNamespaceLabels(controlNamespace)] as const;
    const pods = probers.pods.map((pod) => {
      const labels = state.podLabels.get(pod.id);
      return labels === undefined
        ? pod
        : { ...pod, info: { ...pod.info, labels: { ...labels, ...harness } } };
    });
    return expectedCells({
      policies: state.policies,
      namespaces: [...state.namespaceLabels, control].map(([short, labels]) => ({
        name: realNamespace(suffix, short),
        labels: { ...labels, ...harness, 'pod-security.kubernetes.io/enforce': 'restricted' },
      })),
      pods: pods.filter(({ id }) => isControl(id) || state.podLabels.has(id)),
      outside: this.#settings.outside,
      signals: this.#signals,
    });
  }

  #rememberStandIns(step: string, cells: readonly JudgedCell[]): void {
    const stoodIn = cells.filter(({ proof }) => proof === 'open-before');
    if (stoodIn.length === 0) return;
    const ends = stoodIn.flatMap((cell) => Object.values(endsOf(this.#stage.probers.ledger, cell)));
    this.#standIns.push({ step, at: performance.now(), ends: [...new Set(ends)] });
  }
}

function keyOf({ from, to, port, protocol }: Pick<StepCell, 'from' | 'to' | 'port' | 'protocol'>): string {
  const id: PodId = `${from} ${to}`;
  return `${id} ${port}/${protocol}`;
}
