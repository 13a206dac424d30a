// Goes from state to state: expects, brings about, judges, and remembers what later steps need to know of it.
import { CharterError, wordsOf } from '../../errors/index.ts';
import type { NetworkPolicy } from '../model/types.ts';
import {
  afterReopening,
  type JudgedCell,
  type Pair,
  type PodId,
  type StandIns,
  type StepCell,
  standInsOf,
  Talks,
} from '../verdict/index.ts';
import { bringAbout, type Stage } from './bring-about.ts';
import { type Bounds, changesBetween, declaredState, isNothing, movesPods, type State } from './changes.ts';
import type { OutsideTarget, StepDeclaration, StepResult } from './declaration.ts';
import { expectedCells, type Signals } from './expectation.ts';
import { inhabitantsOf, requireNoOthersLabels } from './inhabitants.ts';
import { judgeUntilSettled } from './judge-until.ts';
import { isControl } from './names.ts';
import { stepResult } from './step-result.ts';
import { watchOf } from './watch.ts';

/** Lines about pairs that stayed shut. */
const mostTold = 20;

export interface StepperSettings extends Bounds {
  readonly outside: readonly OutsideTarget[];
  /** Of steps that do not say otherwise. */
  readonly settleMs: number;
  readonly signal: AbortSignal | undefined;
}

interface Judged {
  readonly cells: readonly JudgedCell[];
  /** The last write that the step declares was answered; observations may begin later, with a new plan. */
  readonly since: number;
  readonly startedAt: number;
  readonly changes: (cell: StepCell) => boolean;
  readonly isTimed: boolean;
}

export class Stepper {
  readonly #stage: Stage;
  readonly #settings: StepperSettings;
  readonly #talks = new Talks();
  #signals: Signals | 'any' = 'any';
  #state: State;
  /** What was expected of each cell in the step before. */
  #before = new Map<string, string>();
  #slowestMs = 0;
  /** Of all pairs that changed. */
  readonly #latencies: number[] = [];
  /** Pairs whose denies by policies that were found rest on what was before, with the step that has judged them: not seen to talk again yet. */
  readonly #resting = new Map<Pair, { readonly step: string; readonly at: number }>();
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
    const stillResting = this.#takeResting();
    const hasFound = this.#state.found.length > 0;
    if (hasFound) this.#rest(name, judged.cells);
    const isGround = declaration.purpose === 'ground' || hasFound;
    const cells = isGround ? judged.cells : await this.#reopened(judged.cells, settleMs);
    const durationMs = performance.now() - judged.startedAt;
    const writes = this.#stage.writer.taken();
    const result = stepResult({ ...judged, cells, stillResting, name, writes, durationMs });
    // What healed late in a red step says nothing of how long changes take.
    if (result.verdict === 'pass') {
      this.#slowestMs = Math.max(this.#slowestMs, result.latency?.max ?? 0);
      this.#latencies.push(...result.cells.flatMap(({ latencyMs }) => latencyMs ?? []));
    }
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

  /** Policies that were found go when somebody else removes them: pairs that rest on what was before are remembered until then. */
  #rest(step: string, cells: readonly JudgedCell[]): void {
    const at = performance.now();
    for (const pair of standInsOf(this.#stage.probers.ledger, cells).values())
      this.#resting.set(pair, { step, at });
  }

  /** Lines of those that have not talked again, though there is no policy any more. */
  #takeResting(): readonly string[] {
    for (const [pair, { at }] of this.#resting)
      if ((this.#talks.last(pair) ?? 0) > at) this.#resting.delete(pair);
    if (this.#state.policies.length + this.#state.found.length > 0) return [];
    const shut = [...this.#resting].map(
      ([pair, { step }]) =>
        `never-reopened: ${pair}: a deny of '${step}' rests on it, and it was not seen since`,
    );
    this.#resting.clear();
    const more = shut.length - mostTold;
    return more > 0 ? [...shut.slice(0, mostTold), `and ${more} more`] : shut;
  }

  /** Where denies rest on what was open before, the policies go, and they have to talk with each other again. A step that is red already stays so. */
  async #reopened(cells: readonly JudgedCell[], settleMs: number): Promise<readonly JudgedCell[]> {
    const standIns = standInsOf(this.#stage.probers.ledger, cells);
    const isRed = cells.some(({ verdict }) => verdict === 'fail' || verdict === 'error');
    return isRed || standIns.size === 0
      ? cells
      : afterReopening(cells, standIns, await this.#stillShut(standIns, settleMs));
  }

  /** Pairs of these that did not talk within `settleMs` after the policies were gone. */
  async #stillShut(standIns: StandIns, settleMs: number): Promise<ReadonlySet<Pair>> {
    const open = { ...this.#state, policies: [] };
    await this.#goTo(open, changesBetween(this.#state, open));
    const since = performance.now();
    const pairs = [...standIns.values()];
    const shut = () => pairs.filter((pair) => (this.#talks.last(pair) ?? 0) < since);
    const cells = this.#expect(open);
    const enough = () => shut().length === 0;
    await judgeUntilSettled({ ...this.#looking(), cells, since, confirmFrom: since, settleMs, enough });
    return new Set(shut());
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
    const writtenAt = isNothing(changes) ? since : this.#stage.writer.declaredAt;
    const before = this.#before;
    const expected = this.#expect(wanted);
    const hasChanged = (cell: StepCell) =>
      before.has(keyOf(cell)) && before.get(keyOf(cell)) !== cell.expected;
    const isChanging = expected.some(hasChanged);
    const pace = { isChanging, slowestMs: this.#slowestMs, latencies: this.#latencies, settleMs };
    const { confirmMs, lookMs } = watchOf(pace);
    const { cells } = await judgeUntilSettled({
      ...this.#looking(),
      ...{ cells: pick(expected), since, settleMs },
      ...{ confirmFrom: since + confirmMs, lookUntil: since + lookMs },
    });
    return { cells, since: writtenAt, startedAt, changes: hasChanged, isTimed: !movesPods(changes) };
  }

  #looking() {
    return { probers: this.#stage.probers, talks: this.#talks, signal: this.#settings.signal };
  }

  /** Of the state that the world is in; the next step compares with it. */
  #expect(state: State): ReturnType<typeof expectedCells> {
    const expected = this.#expectedOf(state);
    this.#before = new Map(expected.map((cell) => [keyOf(cell), cell.expected]));
    return expected;
  }

  /** A state that was half brought about is unknown: whatever is judged in it could be anything. */
  async #goTo(wanted: State, changes: ReturnType<typeof changesBetween>): Promise<void> {
    if (this.#brokenBy !== undefined)
      throw new CharterError('CHR_WORLD', `the world is in an unknown state since: ${this.#brokenBy}`);
    try {
      await bringAbout(this.#stage, changes);
    } catch (error) {
      this.#brokenBy = wordsOf(error);
      throw error;
    }
    this.#state = wanted;
    requireNoOthersLabels(this.#stage, wanted);
  }

  #expectedOf(state: State): ReturnType<typeof expectedCells> {
    return expectedCells({
      policies: [...state.policies, ...state.found],
      ...inhabitantsOf(this.#stage, state),
      outside: this.#settings.outside,
      signals: this.#signals,
    });
  }
}

function keyOf({ from, to, port, protocol }: Pick<StepCell, 'from' | 'to' | 'port' | 'protocol'>): string {
  const id: PodId = `${from} ${to}`;
  return `${id} ${port}/${protocol}`;
}
