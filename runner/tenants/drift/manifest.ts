// The objects that a release consists of, from the text that Helm keeps of them.
import { parseAllDocuments } from 'yaml';
import type { AnyObject } from '../../kube/index.ts';

export interface ReleasedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** As the manifest has it; undefined for most, and then the release's own where the kind is namespaced. */
  readonly namespace: string | undefined;
  readonly object: AnyObject;
}

/** Documents without kind or name are left out: Helm has not made anything of them. `List`s are taken apart, as Helm does. */
export function releasedObjects(manifest: string): ReleasedObject[] {
  return parseAllDocuments(manifest, { version: '1.1', uniqueKeys: false, logLevel: 'silent' })
    .map((document) => ('toJS' in document ? (document.toJS() as unknown) : undefined))
    .flatMap((object) => (isList(object) ? object.items : [object]))
    .flatMap((object) => {
      const { apiVersion, kind, metadata } = (object ?? {}) as Partial<AnyObject>;
      if (apiVersion === undefined || kind === undefined || metadata?.name === undefined) return [];
      return [
        { apiVersion, kind, name: metadata.name, namespace: metadata.namespace, object: object as AnyObject },
      ];
    });
}

function isList(object: unknown): object is { items: unknown[] } {
  const { kind, items } = (object ?? {}) as { kind?: unknown; items?: unknown };
  return typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items);
}
