// The running Pods of a world as their harness holds them: their logs go into the ledger, and their plan comes from here.
import { type FollowLog, pause, systemClock } from '../../kube/index.ts';
import { type Plan, recordOf } from '../probe/wire.ts';
import { Ledger, type PodId, patienceFor } from '../verdict/index.ts';
import type { OutsideTarget } from './declaration.ts';
import type { RunningPod } from './expectation.ts';
import { containerName, isControl } from './names.ts';

export interface ProberSettings {
  readonly follow: FollowLog;
  readonly outside: readonly OutsideTarget[];
  readonly cycleMs: number;
  readonly timeoutMs: number;
  readonly settleMs: number;
}

/** Milliseconds until a Pod that is gone is asked for again. */
const againMs = 1_000;

interface Followed {
  readonly pod: RunningPod;
  readonly abort: AbortController;
}

export class Probers {
  readonly ledger: Ledger;
  readonly #settings: ProberSettings;
  readonly #followed = new Map<PodId, Followed>();
  #generation = 0;
  #trouble: unknown;

  constructor(settings: ProberSettings) {
    this.#settings = settings;
    this.ledger = new Ledger(Date.now, patienceFor(settings));
  }

  get pods(): readonly RunningPod[] {
    return [...this.#followed.values()].map(({ pod }) => pod);
  }

  get generation(): number {
    return this.#generation;
  }

  add(pod: RunningPod): void {
    const abort = new AbortController();
    this.#followed.set(pod.id, { pod, abort });
    void this.#read(pod, abort.signal).catch((error: unknown) => {
      this.#trouble ??= error;
    });
  }

  /** The Pod as it is now: other labels, another address. Its log is being read already. */
  replace(pod: RunningPod): void {
    const followed = this.#followed.get(pod.id);
    if (followed !== undefined) this.#followed.set(pod.id, { ...followed, pod });
  }

  remove(id: PodId): void {
    this.#followed.get(id)?.abort.abort();
    this.#followed.delete(id);
    this.ledger.forget(id);
  }

  removeAll(): void {
    for (const { id } of this.pods) this.remove(id);
  }

  /** A plan of the next generation with all Pods that are here. */
  nextPlan(): Plan {
    this.#generation += 1;
    const { outside, cycleMs, timeoutMs } = this.#settings;
    return {
      generation: this.#generation,
      cycleMs,
      timeoutMs,
      peers: this.pods.map(({ id, address, uid, ports }) => ({
        id,
        address,
        uid,
        ports: ports.map(({ port, protocol }) => ({ port, protocol })),
        ...(isControl(id) ? { isControl: true as const } : {}),
      })),
      outside: outside.map(({ pod: _, ...target }) => target),
    };
  }

  /** Those that have not told of a cycle by the current plan. */
  get behind(): readonly PodId[] {
    return this.pods
      .map(({ id }) => id)
      .filter((id) => this.ledger.voice(id)?.cycles.at(-1)?.generation !== this.#generation);
  }

  /** For people: the last that this Pod told. */
  lastHeard(id: PodId): string {
    const voice = this.ledger.voice(id);
    if (voice === undefined) return 'not a line';
    const seconds = Math.round((performance.now() - voice.heardAt) / 1_000);
    const plan = voice.cycles.at(-1)?.generation;
    return `${plan === undefined ? 'no cycle' : `plan ${plan}`}, last line ${seconds} s ago`;
  }

  /** Throws why a log could not be read; nothing that follows could be judged. */
  throwTrouble(): void {
    if (this.#trouble !== undefined) throw this.#trouble;
  }

  async #read({ id, info }: RunningPod, signal: AbortSignal): Promise<void> {
    const source = { namespace: info.namespace, pod: info.name, container: containerName };
    // A log ends with its Pod; another Pod of the same name, which nobody declared, is to be heard too: it is a stale address.
    while (!signal.aborted) {
      for await (const line of this.#settings.follow(source, { signal })) {
        const record = recordOf(line);
        if (record?.id === id && !signal.aborted) this.ledger.take(record, performance.now());
      }
      await pause(systemClock, againMs, signal);
    }
  }
}
