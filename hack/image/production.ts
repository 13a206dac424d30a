// Which packages a tree needs, read off the lock file: what its own roots lead to, neither optional nor pruned.
import { isDroppedPackage } from './prune.ts';

interface Locked {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly integrity?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

export interface Lockfile {
  readonly packages: Readonly<Record<string, Locked>>;
}

export interface ProductionPackage {
  /** Below the project: `node_modules/a`. */
  readonly path: string;
  readonly version: string;
  /** As npm writes it: `sha512-…`. */
  readonly integrity: string | undefined;
}

/** `roots` are names of packages; each brings what it depends on, found as Node finds it. Sorted by path. */
export function productionPackages(
  { packages }: Lockfile,
  roots: readonly string[],
): readonly ProductionPackage[] {
  const found = new Map<string, ProductionPackage>();
  const visit = (name: string, from: string): void => {
    const path = resolved(packages, name, from);
    if (path === undefined || found.has(path) || isDroppedPackage(name)) return;
    const { version = '', integrity, optional, ...needs } = packages[path] ?? {};
    if (optional) return;
    found.set(path, { path, version, integrity });
    const peers = Object.keys(needs.peerDependencies ?? {}).filter(
      (peer) => !needs.peerDependenciesMeta?.[peer]?.optional,
    );
    for (const next of [...Object.keys(needs.dependencies ?? {}), ...peers]) visit(next, path);
  };
  for (const root of roots) {
    if (resolved(packages, root, '') === undefined) throw new Error(`the lock file holds no ${root}`);
    visit(root, '');
  }
  return [...found.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** The nearest node_modules at or above `from` that holds `name`. */
function resolved(packages: Lockfile['packages'], name: string, from: string): string | undefined {
  const path = `${from === '' ? '' : `${from}/`}node_modules/${name}`;
  if (path in packages) return path;
  if (from === '') return undefined;
  const above = from.lastIndexOf('/node_modules/');
  return resolved(packages, name, above === -1 ? '' : from.slice(0, above));
}

/** `node_modules/a/node_modules/@b/c` is `@b/c`. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}
