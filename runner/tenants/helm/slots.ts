// How many calls of Helm write to one cluster at once. Whoever finds no slot holds no worker: it stands in line, and is called when its turn
// has come. Looks need none, so what Helm waits for never delays them.

/** `uninstall`: of a Tenant that leaves; it has slots of its own beside those of all, so that rollouts that hang do not keep it. */
export type SlotUse = 'rollout' | 'uninstall';

export interface HelmSlots {
  /** Calls at once on one cluster, those of `uninstall` included. */
  readonly most: number;
  /** For one call of the reconcile of `key`; its end gives back what it took. */
  readonly visit: (key: string) => SlotVisit;
  /** Ends what Helm does on that cluster now. */
  readonly abort: (cluster: string, why: string) => void;
}

export interface SlotVisit extends Disposable {
  /**
   * The slot's signal, aborted by `abort`; the same again until it is given back. Undefined where others are before: the key keeps its place
   * in line after this visit. A visit that ends without having asked in vain leaves the line.
   */
  readonly take: (cluster: string, use: SlotUse) => AbortSignal | undefined;
  readonly give: () => void;
}

export interface HelmSlotsOptions {
  /** For all uses. */
  readonly size: number;
  /** It is the turn of `key`: its reconcile is to be called, on the queue of that cluster. */
  readonly wake: (cluster: string, key: string) => void;
}

export const uninstallSlots = 2;

interface Held {
  readonly of: 'all' | 'uninstall';
  readonly stop: AbortController;
}

interface Waiting {
  readonly use: SlotUse;
  isCalled: boolean;
}

/** Keys that came before one. */
interface Before {
  readonly all: number;
  readonly leaving: number;
}

interface Lane {
  readonly held: Map<string, Held>;
  /** In the order in which they came. */
  readonly line: Map<string, Waiting>;
}

export function helmSlots({ size, wake }: HelmSlotsOptions): HelmSlots {
  const lanes = new Map<string, Lane>();

  function laneOf(cluster: string): Lane {
    const lane = lanes.get(cluster) ?? { held: new Map(), line: new Map() };
    lanes.set(cluster, lane);
    return lane;
  }

  /** Nobody takes what those who came before can take: that is what makes the line fair. */
  function freeFor({ held }: Lane, use: SlotUse, before: Before): Held['of'] | undefined {
    const taken = (of: Held['of']) => [...held.values()].filter((one) => one.of === of).length;
    if (before.all < size - taken('all')) return 'all';
    if (use === 'rollout') return undefined;
    return before.leaving < uninstallSlots - taken('uninstall') ? 'uninstall' : undefined;
  }

  function callNext(cluster: string): void {
    const lane = laneOf(cluster);
    const due: string[] = [];
    const before = { all: 0, leaving: 0 };
    for (const [key, one] of lane.line) {
      if (!one.isCalled && freeFor(lane, one.use, before) !== undefined) {
        one.isCalled = true;
        due.push(key);
      }
      count(before, one.use);
    }
    for (const key of due) wake(cluster, key);
  }

  function visit(key: string): SlotVisit {
    let at: string | undefined;
    let waitsAt: string | undefined;

    function give(): void {
      if (at === undefined) return;
      const cluster = at;
      at = undefined;
      laneOf(cluster).held.delete(key);
      callNext(cluster);
    }

    function take(cluster: string, use: SlotUse): AbortSignal | undefined {
      if (at !== cluster) give();
      const lane = laneOf(cluster);
      const mine = lane.held.get(key);
      if (mine !== undefined) return mine.stop.signal;
      const of = freeFor(lane, use, beforeOf(lane, key));
      if (of === undefined) {
        lane.line.set(key, { use, isCalled: false });
        waitsAt = cluster;
        return undefined;
      }
      const stop = new AbortController();
      lane.line.delete(key);
      lane.held.set(key, { of, stop });
      at = cluster;
      callNext(cluster);
      return stop.signal;
    }

    return {
      take,
      give,
      [Symbol.dispose]: () => {
        give();
        for (const [cluster, { line }] of lanes)
          if (cluster !== waitsAt && line.delete(key)) callNext(cluster);
      },
    };
  }

  return {
    most: size + uninstallSlots,
    visit,
    abort: (cluster, why) => {
      for (const { stop } of laneOf(cluster).held.values()) stop.abort(new Error(why));
    },
  };
}

function beforeOf({ line }: Lane, key: string): Before {
  const before = { all: 0, leaving: 0 };
  for (const [one, { use }] of line) {
    if (one === key) break;
    count(before, use);
  }
  return before;
}

function count(before: { all: number; leaving: number }, use: SlotUse): void {
  before.all += 1;
  if (use === 'uninstall') before.leaving += 1;
}
