// Learns, once per run, how this engine denies, and that it does at all: everything to the control peers is denied, then everything
// from them, then nothing. There is one control peer per node, so every node has to show both directions.
import type { NetworkPolicy } from '../model/types.ts';
import type { JudgedCell, Observation, Outcome } from '../verdict/index.ts';
import { type Direction, type RunningPod, signalKey } from './expectation.ts';
import { controlNamespace, isControl, realNamespace } from './names.ts';
import type { Calibration } from './world.ts';

export function denyAll(suffix: string, direction: Direction): NetworkPolicy {
  const type = direction === 'ingress' ? 'Ingress' : 'Egress';
  return {
    metadata: { name: `calibration-${direction}`, namespace: realNamespace(suffix, controlNamespace) },
    spec: { podSelector: {}, policyTypes: [type] },
  };
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
  for (const { direction, cells } of lessons) {
    const end = direction === 'ingress' ? 'to' : 'from';
    const denied = cells.filter((cell) => isControl(cell[end]) && cell.expected === 'denied');
    const keys = Map.groupBy(denied, (cell) => signalKey(nodeOf.get(cell[end]), direction));
    for (const [key, own] of keys) {
      const learned = signalIn(own);
      if (learned.problem === undefined) signals[key] = learned.signal;
      else problems.push(`${key}: ${learned.problem}`);
    }
  }
  return { enforced: problems.length === 0, signals, problems, slowestMs };
}

/** A client that is broken teaches nothing; a talk where nobody may talk is the end of the lesson. */
function signalIn(
  cells: readonly JudgedCell[],
): { readonly problem: string } | { readonly problem: undefined; readonly signal: Outcome } {
  const talked = cells.filter(({ problem }) => problem === 'not-enforced');
  const [first] = talked;
  if (first !== undefined) {
    const more = talked.length > 1 ? ` and ${talked.length - 1} more` : '';
    return { problem: `not-enforced: ${first.from} -> ${first.to} ${first.port} talked${more}` };
  }
  const passed = cells.filter(({ verdict }) => verdict === 'pass');
  const seen = passed.flatMap(({ observations }) => deniedOutcomes(observations));
  // A rejecting engine seems to drop most of many probes: see verdict/refusals.ts.
  const rejections = [...new Set(seen.filter((outcome) => outcome !== 'timeout'))];
  const [signal = seen[0]] = rejections;
  if (signal === undefined) return { problem: `nothing learned: ${cells[0]?.problem ?? 'no cell'}` };
  return rejections.length > 1
    ? { problem: `mixed signals: ${rejections.join(', ')}` }
    : { problem: undefined, signal };
}

function deniedOutcomes(observations: readonly Observation[]): readonly Outcome[] {
  const last = observations.findLastIndex(({ outcome }) => outcome === 'ok');
  return observations.slice(last + 1).map(({ outcome }) => outcome);
}
