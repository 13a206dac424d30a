// Learns, once per run, how this engine denies, and that it does at all: everything to the control peers is denied, then everything
// from them, then nothing. There is one control peer per node, so every node has to show both directions, for each protocol.
import type { NetworkPolicy } from '../model/types.ts';
import type { JudgedCell, Observation, Outcome } from '../verdict/index.ts';
import { type Direction, type RunningPod, signalKey } from './expectation.ts';
import { controlNamespace, isControl, realNamespace } from './names.ts';
import type { Calibration, Deny } from './world.ts';

export function denyAll(suffix: string, direction: Direction): NetworkPolicy {
  const type = direction === 'ingress' ? 'Ingress' : 'Egress';
  return {
    metadata: { name: `calibration-${direction}`, namespace: realNamespace(suffix, controlNamespace) },
    spec: { podSelector: {}, policyTypes: [type] },
  };
}

/** Lessons of one direction at most: each is two cycles, and a rejecting node answers a client about once a second. */
const longestLessons = 10;

/**
 * Looks on while one place is seen to reject and another only times out: that may be the ration of refusals (verdict/refusals.ts), or
 * an engine that rejects one protocol and drops the other.
 */
export async function lessonsOf(
  direction: Direction,
  pods: readonly RunningPod[],
  look: () => Promise<Lesson['cells']>,
): Promise<readonly Lesson[]> {
  const lessons = [{ direction, cells: await look() }];
  const isMixed = () => {
    const { signals, problems } = calibrationOf(lessons, pods, 0);
    const seen = Object.values(signals);
    return problems.length === 0 && seen.includes('timeout') && new Set(seen).size > 1;
  };
  while (isMixed() && lessons.length < longestLessons) lessons.push({ direction, cells: await look() });
  return lessons;
}

export interface Lesson {
  readonly direction: Direction;
  /** Of the step with {@link denyAll}, judged with any signal allowed. */
  readonly cells: readonly JudgedCell[];
}

/** `pods`: for the nodes of the control peers. `slowestMs` is passed on. */
export function calibrationOf(
  lessons: readonly Lesson[],
  pods: readonly RunningPod[],
  slowestMs: number,
): Calibration {
  const nodeOf = new Map(pods.map(({ id, info }) => [id, info.node]));
  const signals: Record<string, Outcome> = {};
  const problems: string[] = [];
  let deny: Deny = 'enforced';
  const denied = lessons.flatMap(({ direction, cells }) => {
    const end = direction === 'ingress' ? 'to' : 'from';
    return cells
      .filter((cell) => isControl(cell[end]) && cell.expected === 'denied')
      .map(
        (cell) => [signalKey(nodeOf.get(cell[end]), { direction, protocol: cell.protocol }), cell] as const,
      );
  });
  for (const [key, own] of Map.groupBy(denied, ([place]) => place)) {
    const learned = signalIn(own.map(([, cell]) => cell));
    if (learned.deny === 'enforced') {
      signals[key] = learned.signal;
      continue;
    }
    problems.push(`${key}: ${learned.problem}`);
    if (deny !== 'not-enforced') deny = learned.deny;
  }
  return { deny, signals, problems, slowestMs };
}

/** A client that is broken teaches nothing; a talk where nobody may talk is the end of the lesson. */
function signalIn(
  cells: readonly JudgedCell[],
):
  | { readonly deny: 'enforced'; readonly signal: Outcome }
  | { readonly deny: Exclude<Deny, 'enforced'>; readonly problem: string } {
  const talked = cells.filter(({ problem }) => problem === 'not-enforced');
  const [first] = talked;
  if (first !== undefined) {
    const more = talked.length > 1 ? ` and ${talked.length - 1} more` : '';
    const problem = `not-enforced: ${first.from} -> ${first.to} ${first.port} talked${more}`;
    return { deny: 'not-enforced', problem };
  }
  const passed = cells.filter(({ verdict }) => verdict === 'pass');
  const seen = passed.flatMap(({ observations }) => deniedOutcomes(observations));
  // A rejecting engine seems to drop most of many probes: see verdict/refusals.ts.
  const rejections = [...new Set(seen.filter((outcome) => outcome !== 'timeout'))];
  const [signal = seen[0]] = rejections;
  if (signal === undefined)
    return { deny: 'not-seen', problem: `nothing learned: ${cells[0]?.problem ?? 'no cell'}` };
  return rejections.length > 1
    ? { deny: 'not-seen', problem: `mixed signals: ${rejections.join(', ')}` }
    : { deny: 'enforced', signal };
}

function deniedOutcomes(observations: readonly Observation[]): readonly Outcome[] {
  const last = observations.findLastIndex(({ outcome }) => outcome === 'ok');
  return observations.slice(last + 1).map(({ outcome }) => outcome);
}
