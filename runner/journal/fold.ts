// Folds events into the state of a run: no clock, no I/O, O(1) per event. `applyEvent` changes the state it is given and
// returns it, because copying 100,000 cases for each of their events would make the fold quadratic.
import type { JournalEvent, Outcome, PlannedCase } from './events.ts';
import {
  type AttemptState,
  type CampaignState,
  type CaseState,
  emptyTally,
  initialState,
  type RunState,
  type Tally,
} from './state.ts';
import { isFlaky, verdictOf } from './verdict.ts';

export function fold(events: Iterable<JournalEvent>): RunState {
  const state = initialState();
  for (const event of events) applyEvent(state, event);
  return state;
}

export function applyEvent(state: RunState, event: JournalEvent): RunState {
  if (state.startedAt === '') state.startedAt = event.at;
  if (event.at > state.lastAt) state.lastAt = event.at;
  switch (event.event) {
    case 'run-started':
      state.run = event.run;
      state.host = event.host;
      state.environment = event.environment;
      state.startedAt = event.at;
      for (const [name, value] of Object.entries(event.properties)) state.properties.set(name, value);
      break;
    case 'planned':
      state.planKnown = true;
      for (const planned of event.cases) plan(state, planned);
      break;
    case 'property':
      state.properties.set(event.name, event.value);
      break;
    case 'case-started':
      change(
        state,
        event.key,
        (item) => attemptOf(item, event.attempt) ?? start(item, event.attempt, event.at),
      );
      break;
    case 'case-ended':
      change(state, event.key, (item, campaign) => end(state, campaign, item, event));
      break;
    case 'run-ended':
      state.ended = { at: event.at, exitCode: event.exitCode, reason: event.reason };
      break;
  }
  return state;
}

function plan(state: RunState, planned: PlannedCase): CaseState {
  state.planRevision += 1;
  const known = state.cases.get(planned.key);
  if (known !== undefined) {
    // A case that ran before its plan was written: the plan knows its title and file, the case stays where it stands.
    if (known.planned.campaign === planned.campaign) known.planned = planned;
    known.revision += 1;
    return known;
  }
  const item: CaseState = { planned, attempts: none, progress: 'planned', revision: 0 };
  state.cases.set(planned.key, item);
  const campaign = campaignOf(state, planned.campaign);
  campaign.cases.push(item);
  count([state, campaign], item, 1);
  return item;
}

function campaignOf(state: RunState, name: string): CampaignState {
  const known = state.campaigns.get(name);
  if (known !== undefined) return known;
  const campaign: CampaignState = { name, cases: [], tally: emptyTally(), timeMs: 0 };
  state.campaigns.set(name, campaign);
  return campaign;
}

/** Changes one case and moves it in the tallies from what it was to what it has become. */
function change(
  state: RunState,
  key: string,
  act: (item: CaseState, campaign: CampaignState) => unknown,
): void {
  const item = state.cases.get(key) ?? plan(state, unplanned(key));
  const campaign = campaignOf(state, item.planned.campaign);
  count([state, campaign], item, -1);
  act(item, campaign);
  item.revision += 1;
  const first = item.attempts[0]?.startedAt;
  if (first !== undefined && (campaign.startedAt === undefined || first < campaign.startedAt))
    campaign.startedAt = first;
  count([state, campaign], item, 1);
}

function count(into: readonly { readonly tally: Tally }[], item: CaseState, step: 1 | -1): void {
  const verdict = verdictOf(item) ?? 'notRun';
  const flaky = isFlaky(item);
  for (const { tally } of into) {
    tally[verdict] += step;
    if (item.progress === 'running') tally.running += step;
    if (flaky) tally.flaky += step;
  }
}

function attemptOf(item: CaseState, attempt: number): AttemptState | undefined {
  return item.attempts.find((candidate) => candidate.attempt === attempt);
}

function start(item: CaseState, attempt: number, startedAt: string): AttemptState {
  const running = { attempt, startedAt };
  item.attempts = [...item.attempts, running];
  item.progress = 'running';
  return running;
}

// A run may have 100,000 cases, and nearly all pass: lists have no room to grow, an ended attempt is one flat object, and all
// that passed share one outcome. That halves what a case costs.
const none: readonly AttemptState[] = [];
const passed: Outcome = { verdict: 'passed' };

type CaseEnded = Extract<JournalEvent, { event: 'case-ended' }>;

function end(state: RunState, campaign: CampaignState, item: CaseState, event: CaseEnded): void {
  const running = attemptOf(item, event.attempt) ?? start(item, event.attempt, startOf(event));
  if (!replaces(running.outcome, event.outcome)) return;
  const durationMs = Math.max(0, Number.isFinite(event.durationMs) ? event.durationMs : 0);
  const ended = endOf(running, event, durationMs);
  item.attempts = item.attempts.map((candidate) => (candidate === running ? ended : candidate));
  item.progress = item.attempts.every(({ outcome }) => outcome !== undefined) ? 'ended' : 'running';
  campaign.timeMs += durationMs - (running.durationMs ?? 0);
  const length = textLength(event);
  if (length > 0) state.texts.count += 1;
  state.texts.length += length;
}

/**
 * The first end of an attempt stands: a worker that was given up as hung cannot take the verdict back later. Only a pass
 * or a skip gives way, to an error that came to light after it (a rejection that nobody handled).
 */
function replaces(before: Outcome | undefined, now: Outcome): boolean {
  if (before === undefined) return true;
  return now.verdict === 'error' && (before.verdict === 'passed' || before.verdict === 'skipped');
}

function endOf({ attempt, startedAt }: AttemptState, event: CaseEnded, durationMs: number): AttemptState {
  const { at: endedAt, outcome, warnings } = event;
  const plain = outcome.verdict === 'passed' && outcome.reason === undefined && outcome.failure === undefined;
  const ended = { attempt, startedAt, endedAt, durationMs, outcome: plain ? passed : outcome };
  return warnings === undefined || warnings.length === 0 ? ended : { ...ended, warnings };
}

function textLength({ outcome: { failure, reason }, warnings }: CaseEnded): number {
  if (failure === undefined && reason === undefined && warnings === undefined) return 0;
  const http = failure?.http;
  const texts = [
    ...[reason, failure?.message, failure?.expected, failure?.got, failure?.stack, http?.url, http?.body],
    ...[failure?.observations, http?.attempts, warnings].flat(),
  ];
  return texts.reduce<number>((sum, text) => sum + (text?.length ?? 0), 0);
}

/** When an attempt began whose start was not recorded. */
function startOf(event: CaseEnded): string {
  const began = Date.parse(event.at) - event.durationMs;
  return Number.isFinite(began) ? new Date(began).toISOString() : event.at;
}

const keyForm = /^([^/]+)\/(.+?)(?:\[([^\]]*)\])?$/s;

/** A case that no plan names, read from its key `C-10/10.3[alice]`. */
function unplanned(key: string): PlannedCase {
  const [, campaign = 'unplanned', id = key, persona] = keyForm.exec(key) ?? [];
  const base = { key, campaign, id, title: '', file: '', tags: [], targets: [] };
  return persona === undefined ? base : { ...base, persona };
}
