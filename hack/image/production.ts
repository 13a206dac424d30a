// Which packages belong to production, read off the lock file: neither for development, nor optional, nor pruned.
import { isDroppedPackage } from './prune.ts';

interface Locked {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly devOptional?: boolean;
  readonly integrity?: string;
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

export function productionPackages({ packages }: Lockfile): readonly ProductionPackage[] {
  return Object.entries(packages).flatMap(
    ([path, { version = '', dev, optional, devOptional, integrity }]) => {
      const left = path === '' || dev || optional || devOptional || isDroppedPackage(nameOf(path));
      return left ? [] : [{ path, version, integrity }];
    },
  );
}

/** `node_modules/a/node_modules/@b/c` is `@b/c`. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}
