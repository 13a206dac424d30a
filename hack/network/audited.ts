// What the API server wrote down, held against what a run says of itself: who counts his own calls may forget one.
import type { AuditedCall } from '../kind/audit.ts';
import type { StepLine } from './runs.ts';

/** As runner/kube calls itself. */
const agent = 'charter-runner';
const verbs: Readonly<Record<string, string>> = { replace: 'update' };
const resources: Readonly<Record<string, string>> = {
  Namespace: 'namespaces',
  Pod: 'pods',
  NetworkPolicy: 'networkpolicies',
};

/** By whomever: nothing may be run in a Pod while a run is judged. */
export function execsIn(calls: readonly AuditedCall[]): number {
  return calls.filter(isExec).length;
}

/**
 * Writes that the run does not tell of, and those it tells of that the API server has not seen. In each world of a run (there is another
 * one after a retry, a dead worker or a call that failed) a step's writes are all that happens from the first step to the last; before
 * them and after them the world is made and removed, which is in namespaces of its own.
 */
export function unaccounted(calls: readonly AuditedCall[], steps: readonly StepLine[]): string[] {
  const left = new Map<string, number>();
  for (const write of steps.flatMap(({ writes }) => writes))
    left.set(keyOf(write), (left.get(keyOf(write)) ?? 0) + 1);
  const seen = calls.filter((call) => call.userAgent.startsWith(agent) && !isExec(call));
  // From the end: a world is made by calls that look like those of its steps.
  const isTold = seen
    .toReversed()
    .map((call) => {
      const times = left.get(lineOf(call)) ?? 0;
      if (times > 0) left.set(lineOf(call), times - 1);
      return times > 0;
    })
    .toReversed();
  const told = seen.map((call, index) => (isTold[index] ? worldOf(call) : undefined));
  const isBetweenSteps = (world: string, index: number) =>
    told.indexOf(world) < index && index < told.lastIndexOf(world);
  const untold = seen.filter((call, index) => {
    const world = worldOf(call);
    return !isTold[index] && call.status < 400 && (world === undefined || isBetweenSteps(world, index));
  });
  const unseen = [...left].flatMap(([line, times]) => Array.from({ length: times }, () => line));
  return [
    ...untold.map((call) => `the run does not tell of: ${lineOf(call)}`),
    ...unseen.map((line) => `the API server has not seen: ${line}`),
  ];
}

function isExec({ resource }: AuditedCall): boolean {
  return resource === 'pods/exec' || resource === 'pods/attach';
}

/** The suffix of the world that a call is about; undefined outside of all worlds. */
function worldOf({ namespace, name, resource }: AuditedCall): string | undefined {
  return /^charter-net-([0-9a-f]{6})-/.exec((resource === 'namespaces' ? name : namespace) ?? '')?.[1];
}

function lineOf({ verb, resource, namespace, name }: AuditedCall): string {
  const inside = resource === 'namespaces' || namespace === undefined ? '' : `${namespace}/`;
  return `${verb} ${resource} ${inside}${name ?? '?'}`;
}

function keyOf({ verb, kind, namespace, name }: StepLine['writes'][number]): string {
  const resource = resources[kind] ?? kind;
  return lineOf({
    ...{ verb: verbs[verb] ?? verb, resource, name, userAgent: agent, status: 200 },
    ...(namespace === undefined ? {} : { namespace }),
  });
}
