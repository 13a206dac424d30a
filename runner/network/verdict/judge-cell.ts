// The verdict of one cell, from evidence of both sides. Nothing passes by absence: a deny needs the engine's own signal, a server that
// lives and saw nothing, and a talk in the same window that proves both ends; everything else has a name of its own. Nor is the engine
// accused by absence: of a deny that should not be both ends have to talk with others.
import type { Cell as ModelCell } from '../model/types.ts';
import type { Observation } from './observe.ts';
import type { Outcome, Problem, Proof } from './types.ts';

export type ClientTrouble = 'silent-prober' | 'skewed-clock' | 'stale-address' | 'broken-client';
export type ServerTrouble = 'silent-prober' | 'skewed-clock' | 'stale-address' | 'dead-peer';

/**
 * What allowed talks of the same client, and of the same server port, were in the window. `none`: no policy leaves one open.
 * `never`: none is open, and none ever was. Where a talk is expected: whether both ends had another one.
 */
export type Control = 'talked' | 'failed' | 'none' | 'never';

export interface Evidence {
  readonly expected: ModelCell['verdict'];
  /** The last two full cycles, oldest first; fewer when there were not as many. */
  readonly last: readonly Pick<Observation, 'outcome' | 'saw' | 'note'>[];
  /** How this engine denies this cell, or would; empty when that could not be learned. */
  readonly signals: readonly Outcome[];
  readonly client?: ClientTrouble | undefined;
  readonly server?: ServerTrouble | undefined;
  readonly control: Control;
}

export interface CellVerdict {
  readonly verdict: 'pass' | 'fail' | 'error' | 'not-judged';
  readonly observed: 'allowed' | 'denied' | undefined;
  readonly problem?: Problem;
  readonly proof?: Proof;
}

export function judgeCell(evidence: Evidence): CellVerdict {
  const observed = observedOf(evidence.last.at(-1));
  if (evidence.expected !== 'allowed' && evidence.expected !== 'denied') {
    return { verdict: 'not-judged', observed };
  }
  const [before, after] = evidence.last.slice(-2);
  // One cycle confirms nothing.
  if (before === undefined || after === undefined) return error('silent-prober', observed);
  const first = judgeOnce(evidence, before);
  const second = judgeOnce(evidence, after);
  const isConfirmed = second.verdict !== 'fail' || first.problem === second.problem;
  const contradict = (first.verdict === 'pass') !== (second.verdict === 'pass') || !isConfirmed;
  return contradict ? error('transient', observed) : second;
}

/** What a client and a server alone say, before anybody asks whether to believe it. */
export function observedOf(
  seen: Pick<Observation, 'outcome' | 'saw'> | undefined,
): 'allowed' | 'denied' | undefined {
  if (seen === undefined) return undefined;
  if (seen.outcome === 'ok') return seen.saw === 'no' ? undefined : 'allowed';
  const isBlocked = ['timeout', 'refused', 'reset', 'unreachable'].includes(seen.outcome);
  return isBlocked && seen.saw !== 'yes' ? 'denied' : undefined;
}

function judgeOnce(evidence: Evidence, seen: Evidence['last'][number]): CellVerdict {
  const observed = observedOf(seen);
  const trouble = troubleOf(evidence, seen);
  if (trouble !== undefined) return error(trouble, observed);
  if (seen.outcome === 'ok') {
    return evidence.expected === 'allowed'
      ? { verdict: 'pass', observed, proof: 'talked' }
      : { verdict: 'fail', observed, problem: 'not-enforced' };
  }
  return evidence.expected === 'allowed'
    ? judgeBlocked(evidence, seen.outcome)
    : judgeDeny(evidence, seen.outcome);
}

/** Everything that keeps an observation from meaning what it seems to. The order is from cause to symptom. */
function troubleOf(
  { client, server }: Evidence,
  { outcome, saw }: Evidence['last'][number],
): Problem | undefined {
  if (client !== undefined) return client;
  if (server !== undefined && server !== 'dead-peer') return server;
  if (outcome === 'broken') return 'broken-client';
  if (outcome === 'wrong-identity' || outcome === 'wrong-nonce') return outcome;
  if (outcome === 'ok') return saw === 'no' ? 'unseen' : undefined;
  return saw === 'yes' ? 'one-way' : server;
}

function judgeBlocked({ signals, control }: Evidence, outcome: Outcome): CellVerdict {
  if (control !== 'talked') return error('control-failed', 'denied');
  if (signals.length === 0) return error('not-calibrated', 'denied');
  if (!signals.includes(outcome)) return error('wrong-signal', 'denied');
  return { verdict: 'fail', observed: 'denied', problem: 'blocked' };
}

function judgeDeny({ signals, control }: Evidence, outcome: Outcome): CellVerdict {
  if (signals.length === 0) return error('not-calibrated', 'denied');
  if (!signals.includes(outcome)) return error('wrong-signal', 'denied');
  if (control === 'failed') return error('control-failed', 'denied');
  if (control === 'never') return error('never-open', 'denied');
  const proof = control === 'talked' ? 'control' : 'open-before';
  return { verdict: 'pass', observed: 'denied', proof };
}

function error(problem: Problem, observed: CellVerdict['observed']): CellVerdict {
  return { verdict: 'error', observed, problem };
}
