// The live objects of all releases of one cluster: one watch per kind, chosen by the label that Helm puts on everything. What may not be
// watched across the cluster (Secrets never are) is read one by one when it is compared.
import {
  type AnyObject,
  type Informer,
  type InformerEvent,
  informer,
  isKubeError,
  type KubeClient,
  keyOf,
  type Resource,
} from '../../kube/index.ts';
import { unready } from '../observe/health.ts';

export interface LiveObjects {
  /** Last known state; `unwatched` says that nothing is known and it has to be read. */
  readonly get: (kind: Resource, key: string) => AnyObject | 'absent' | 'unwatched';
  readonly stop: () => Promise<void>;
}

export interface LiveObjectsOptions {
  readonly client: KubeClient;
  /** Something of the release has changed in a way that may matter. */
  readonly onChange: (workspace: string, release: string) => void;
  readonly onError: (error: unknown) => void;
}

const ofHelm = 'app.kubernetes.io/managed-by=Helm';
const never = ['Secret'];

export function liveObjects({ client, onChange, onError }: LiveObjectsOptions): LiveObjects {
  const watches = new Map<string, Informer<AnyObject>>();

  function watchOf(kind: Resource): Informer<AnyObject> {
    const id = `${kind.apiVersion} ${kind.kind}`;
    const known = watches.get(id);
    if (known !== undefined) return known;
    const made: Informer<AnyObject> = informer<AnyObject>({
      ...{ client, resource: kind, labelSelector: ofHelm },
      onError: (error) => {
        onError(error);
        // Asking again each half minute would not give the right; the cluster's next engagement looks anew.
        if (isKubeError(error, 'CHR_KUBE_FORBIDDEN', 'CHR_KUBE_NOT_FOUND')) void made.stop();
      },
    });
    watches.set(id, made);
    made.on((event) => {
      if (!matters(event)) return;
      for (const { release, workspace } of releasesOf(event)) onChange(workspace, release);
    });
    made.start();
    return made;
  }

  return {
    get: (kind, key) => {
      if (never.includes(kind.kind)) return 'unwatched';
      const watch = watchOf(kind);
      if (!watch.hasSynced() || watch.trouble() !== undefined) return 'unwatched';
      return watch.store.get(key) ?? 'absent';
    },
    stop: async () => {
      await Promise.all([...watches.values()].map((watch) => watch.stop()));
    },
  };
}

/** Of which releases it is or was: whoever takes the annotation away has changed that one. */
export function releasesOf(event: InformerEvent<AnyObject>): { release: string; workspace: string }[] {
  const objects = event.type === 'modified' ? [event.object, event.previous] : [event.object];
  const found = objects.flatMap(({ metadata }) => {
    const { 'meta.helm.sh/release-name': release, 'meta.helm.sh/release-namespace': workspace } =
      metadata?.annotations ?? {};
    return release === undefined || workspace === undefined ? [] : [{ release, workspace }];
  });
  const [now, before] = found;
  const isSame = now?.release === before?.release && now?.workspace === before?.workspace;
  return isSame ? found.slice(0, 1) : found;
}

/** Workloads report their Pods in every status; only what is asked for and whether it is ready can change a decision. */
export function matters(event: InformerEvent<AnyObject>): boolean {
  if (event.type !== 'modified') return true;
  return asked(event.object) !== asked(event.previous) || unready(event.object) !== unready(event.previous);
}

function asked({ status: _status, metadata, ...rest }: AnyObject): string {
  const { labels, annotations, deletionTimestamp } = metadata ?? {};
  return JSON.stringify([keyOf({ metadata: metadata ?? {} }), labels, annotations, deletionTimestamp, rest]);
}
