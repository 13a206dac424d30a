// What was written while nothing changed: the difference of two looks, and whether it is the nothing that is promised.
import { clusterNames, type Kind, type Thing, type World } from '../suites/tenants/world.ts';
import { type Verdict, verdict } from './measure.ts';
import { type Counted, counted } from './tenants-operator.ts';

/** By uid, what the API server calls its version. Events expire after an hour: only those that are there now are compared. */
type Versions = ReadonlyMap<string, string>;

export interface Look {
  readonly counted: Counted;
  readonly tenants: Versions;
  /** In which Helm keeps revisions. */
  readonly secrets: Versions;
  /** An event that is told again is written again. */
  readonly events: Versions;
}

export interface Row {
  readonly what: string;
  readonly howMany: number;
  readonly aim: string;
  readonly verdict: Verdict;
}

export async function look(given: World): Promise<Look> {
  const [tenants, secrets, events] = await Promise.all([
    everywhere(given, 'Tenant', { namespace: 'tenants' }),
    everywhere(given, 'Secret', { labels: 'owner=helm' }),
    everywhere(given, 'Event', { namespace: 'tenants' }),
  ]);
  return { counted: await counted(given.operator), tenants, secrets, events };
}

async function everywhere(
  { clusters }: World,
  kind: Kind,
  selection: { readonly namespace?: string; readonly labels?: string },
): Promise<Versions> {
  const lists = await Promise.all(clusterNames.map((name) => clusters[name].list(kind, selection)));
  return versionsOf(lists.flat());
}

export const versionsOf = (things: readonly Thing[]): Versions =>
  new Map(things.map(({ metadata }) => [metadata.uid ?? '', metadata.resourceVersion ?? '']));

/** Those that are new, and those that are not what they were. */
const written = (before: Versions, now: Versions): number =>
  [...now].filter(([uid, version]) => before.get(uid) !== version).length;

export function idleRows(before: Look, now: Look): readonly Row[] {
  const more = (what: keyof Counted) => now.counted[what] - before.counted[what];
  const none = {
    'Helm calls': more('helmCalls'),
    'status writes': more('statusWrites'),
    'events told': more('eventsTold'),
    'events new or told again': written(before.events, now.events),
    "Helm's Secrets written": written(before.secrets, now.secrets),
    'Tenants written': written(before.tenants, now.tenants),
  };
  const rows = Object.entries(none).map(([what, howMany]) => ({
    ...{ what, howMany, aim: '0', verdict: verdict(howMany === 0) },
  }));
  const requests = more('requests');
  return [
    ...rows,
    { what: 'API requests', howMany: requests, aim: 'more than 0', verdict: verdict(requests > 0) },
  ];
}
