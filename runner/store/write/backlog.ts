// What of a run is not in the store yet. Follows the events; the fold decides what stands, so rows cannot say anything else than
// the report does. A database that is away costs no memory: what is to be sent is in the state of the run anyway.
import type { AttemptState, CaseState, JournalEvent, RunState, Verdict } from '../../journal/index.ts';
import { caseId, identityOf, type RunIdentity } from './identity.ts';
import {
  type AttemptRow,
  attemptRow,
  type Batch,
  isoTime,
  type OpenAttemptRow,
  openRow,
  type PlanCaseRow,
  type PlanRow,
  type PropertyRow,
  planRows,
  type RunRow,
  runRow,
} from './rows.ts';

/** Of one attempt: how it ended first, and what of it was sent. */
interface Known {
  first?: Verdict;
  sent?: 'open' | 0 | 1;
}

/** A batch, and what is known when it is in the store. */
export interface BacklogBatch extends Batch {
  /** Of the cases whose attempts it holds. */
  readonly keys: readonly string[];
  readonly sent: readonly Sent[];
}

interface Sent {
  readonly known: Known;
  readonly due: NonNullable<Known['sent']>;
}

interface KnownCase {
  readonly id: string;
  /** By attempt number. */
  readonly attempts: Known[];
}

/** Plans of cases that no plan had named when they ran stand behind all others (migrations/002-views.ts); the fold finds these cases by itself. */
export const unplannedFrom = 1_000_000;

export class Backlog {
  #identity: RunIdentity | undefined;
  #run: RunRow | undefined;
  #plans: PlanRow[] = [];
  #planCases: PlanCaseRow[] = [];
  #properties: PropertyRow[] = [];
  readonly #planned = new Set<string>();
  readonly #cases = new Map<string, KnownCase>();
  readonly #changed = new Set<string>();
  #counted = { plans: 0, properties: 0, unplanned: 0 };

  /** Without `identity` the run names itself. */
  constructor(identity?: RunIdentity) {
    this.#identity = identity;
  }

  /** Undefined before the run has started. */
  get runId(): string | undefined {
    return this.#identity?.id;
  }

  get isEmpty(): boolean {
    const rows = this.#plans.length + this.#properties.length + this.#changed.size;
    return this.#run === undefined && rows === 0;
  }

  /** How many cases have something to send. */
  get cases(): number {
    return this.#changed.size;
  }

  /** `state` is the run after the event. */
  take(event: JournalEvent, state: RunState): void {
    if (event.event === 'run-started') {
      this.#identity ??= identityOf(event);
      this.#run = runRow(event, this.#identity.part);
    } else if (event.event === 'planned') {
      this.#addPlan(this.#counted.plans++, event.cases);
      for (const { key } of event.cases) this.#planned.add(key);
    } else if (event.event === 'property') {
      const { at, name, value } = event;
      this.#properties.push({ n: this.#counted.properties++, at: isoTime(at), name, value });
    } else if (event.event === 'case-started' || event.event === 'case-ended') this.#takeCase(event, state);
  }

  /** At most `limit` attempts, or few more; the rest stays for the next batch. Nothing is forgotten before `written`. */
  next(state: RunState, limit: number): BacklogBatch {
    const keys: string[] = [];
    const sent: Sent[] = [];
    const open: OpenAttemptRow[] = [];
    const attempts: AttemptRow[] = [];
    for (const key of this.#changed) {
      if (sent.length >= limit) break;
      keys.push(key);
      const { id } = this.#caseOf(key);
      for (const attempt of state.cases.get(key)?.attempts ?? []) {
        const known = this.#known(key, attempt.attempt);
        const due = dueOf(attempt, known);
        if (due === known.sent) continue;
        if (due === 'open') open.push(openRow(id, attempt));
        else {
          const row = attemptRow(id, attempt, due);
          if (row !== undefined) attempts.push(row);
        }
        sent.push({ known, due });
      }
    }
    const [plans, planCases, properties] = [[...this.#plans], [...this.#planCases], [...this.#properties]];
    return { keys, sent, run: this.#run, plans, planCases, properties, open, attempts };
  }

  /** The batch is in the store. What happened since stays in the backlog. */
  written(batch: BacklogBatch, state: RunState): void {
    if (this.#run === batch.run) this.#run = undefined;
    this.#plans = this.#plans.slice(batch.plans.length);
    this.#planCases = this.#planCases.slice(batch.planCases.length);
    this.#properties = this.#properties.slice(batch.properties.length);
    for (const { known, due } of batch.sent) known.sent = due;
    for (const key of batch.keys) if (this.#isSent(key, state.cases.get(key))) this.#changed.delete(key);
  }

  #takeCase(event: Extract<JournalEvent, { event: 'case-started' | 'case-ended' }>, state: RunState): void {
    const { key } = event;
    const item = state.cases.get(key);
    if (item === undefined) return;
    if (!this.#planned.has(key)) {
      this.#planned.add(key);
      this.#addPlan(unplannedFrom + this.#counted.unplanned++, [item.planned]);
    }
    if (event.event === 'case-ended') this.#known(key, event.attempt).first ??= event.outcome.verdict;
    this.#changed.add(key);
  }

  #addPlan(n: number, cases: Parameters<typeof planRows>[1]): void {
    const { plan, planCases } = planRows(n, cases);
    this.#plans.push(plan);
    for (const row of planCases) {
      this.#planCases.push(row);
      if (!this.#cases.has(row.key)) this.#cases.set(row.key, { id: row.case_id, attempts: [] });
    }
  }

  #isSent(key: string, item: CaseState | undefined): boolean {
    return (item?.attempts ?? []).every((attempt) => {
      const known = this.#known(key, attempt.attempt);
      return dueOf(attempt, known) === known.sent;
    });
  }

  #caseOf(key: string): KnownCase {
    const found = this.#cases.get(key);
    if (found !== undefined) return found;
    const fresh = { id: caseId(key), attempts: [] };
    this.#cases.set(key, fresh);
    return fresh;
  }

  #known(key: string, attempt: number): Known {
    const { attempts } = this.#caseOf(key);
    const known = attempts[attempt] ?? {};
    attempts[attempt] = known;
    return known;
  }
}

/** A pass that an error took back is a row of its own: the pass may be in the store already. */
function dueOf({ outcome }: AttemptState, { first }: Known): Sent['due'] {
  if (outcome === undefined) return 'open';
  return first === 'passed' && outcome.verdict === 'error' ? 1 : 0;
}
