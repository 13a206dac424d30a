// A world without a cluster, for tests of its steps: three Pods whose lines are invented, and an engine that does what policies say
// as soon as they are written. Its clock is the real one; a step takes about half a second.
import { judge } from '../model/reachability.ts';
import type { Labels, NetworkPolicy } from '../model/types.ts';
import { Ledger } from '../verdict/index.ts';
import { play, type Script, trio, wallAt } from '../verdict/testing.ts';
import type { ServedPort, Write } from './declaration.ts';
import type { RunningPod } from './expectation.ts';
import { baseNamespaceLabels, basePodLabels, harnessLabels, partsOf, realNamespace } from './names.ts';
import { Stepper } from './stepper.ts';

export interface InventedWorld {
  readonly stepper: Stepper;
  readonly stage: { readonly suffix: string; readonly probers: { readonly pods: readonly RunningPod[] } };
  readonly writer: ReturnType<typeof writerTo>;
  /** Policies that are there, by `namespace/name`. */
  readonly policies: ReadonlyMap<string, NetworkPolicy>;
  /** Another process takes the place of this Pod's. */
  readonly restart: (id: string) => void;
  readonly stop: () => void;
}

/** What a cycle comes to, from what the engine makes of it. `denying`: a policy is or was there. */
export type Spoil = (script: Script, seen: { readonly denying: 'never' | 'now' | 'before' }) => Script;

const suffix = 'ab12';
const everyMs = 60;
/** A cycle and the sightings after it, see {@link play}. */
const toldAfterMs = 400;
const ports: readonly ServedPort[] = [{ port: 80, protocol: 'TCP' }];

/** Real name of a namespace (`x`). */
export const inventedNamespace = (short: string): string => realNamespace(suffix, short);

export function inventWorld(
  spoil: Spoil = (script) => script,
  { settleMs = 20_000 }: { readonly settleMs?: number } = {},
): InventedWorld {
  const policies = new Map<string, NetworkPolicy>();
  const pods = trio.map(runningPod);
  const ledger = new Ledger(() => wallAt(performance.now()));
  const writer = writerTo(policies);
  const boots: Record<string, string> = {};
  let seq = 0;
  const timer = setInterval(() => {
    const denying = policies.size > 0 ? 'now' : writer.declaredAt > 0 ? 'before' : 'never';
    seq += 1;
    const script = spoil(enforced(policies, pods), { denying });
    play(ledger, seq, performance.now() - toldAfterMs, script, { boots });
  }, everyMs);
  const probers = { pods, ledger, generation: 1, throwTrouble: () => {} };
  const stage = { suffix, probers, writer };
  const settings = { namespaces: ['x', 'y'], pods: trio, outside: [], settleMs, signal: undefined };
  const stepper = new Stepper(stage as never, settings);
  stepper.learn({ 'n1 ingress TCP': 'refused', 'n1 egress TCP': 'refused' });
  const restart = (id: string) => {
    boots[id] = `another-${id}`;
  };
  return { stepper, stage, writer, policies, restart, stop: () => clearInterval(timer) };
}

function runningPod(id: string, index: number): RunningPod {
  const { namespace, pod } = partsOf(id);
  const labels = { ...harnessLabels(suffix), ...basePodLabels(id) };
  const where = { namespace: realNamespace(suffix, namespace), name: pod, node: 'n1' };
  return {
    ...{ id, uid: `uid-${id}`, address: id, ports },
    info: { ...where, labels, ips: [`10.0.0.${index + 1}`], ports },
  };
}

function enforced(policies: ReadonlyMap<string, NetworkPolicy>, pods: readonly RunningPod[]): Script {
  const namespaces = ['x', 'y'].map((short) => ({
    name: realNamespace(suffix, short),
    labels: baseNamespaceLabels(short),
  }));
  const decide = judge(
    [...policies.values()],
    namespaces,
    pods.map(({ info }) => info),
  );
  const pairs = pods.flatMap((from) => pods.map((to) => [from, to] as const));
  return Object.fromEntries(
    pairs.map(([from, to]) => {
      const { verdict } = decide(from.info, to.info, { port: 80, protocol: 'TCP' });
      return [`${from.id}>${to.id}`, verdict === 'denied' ? ['r', 'unseen'] : ['o', 'seen']];
    }),
  );
}

function writerTo(policies: Map<string, NetworkPolicy>) {
  const writes: Write[] = [];
  let declaredAt = 0;
  const keyOf = ({ metadata: { namespace, name } }: NetworkPolicy) => `${namespace}/${name}`;
  const note = (verb: Write['verb'], { metadata }: NetworkPolicy) => {
    declaredAt = performance.now();
    writes.push({ verb, kind: 'NetworkPolicy', ...metadata, purpose: 'declared' });
  };
  return {
    taken: () => writes.splice(0),
    labelsOf: (): Labels => ({}),
    get declaredAt() {
      return declaredAt;
    },
    putPolicy: async (policy: NetworkPolicy) => {
      note(policies.has(keyOf(policy)) ? 'replace' : 'create', policy);
      policies.set(keyOf(policy), policy);
    },
    deletePolicy: async (policy: NetworkPolicy) => {
      policies.delete(keyOf(policy));
      note('delete', policy);
    },
  };
}
