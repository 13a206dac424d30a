// Which chart is meant: a name and version in a repository with an index, or an artifact of an OCI registry.
import semver from 'semver';
import { CharterError } from '../../errors/index.ts';

export interface ChartSource {
  /** `https://…`, `http://…` or `oci://host/path` (the chart's name is appended). */
  readonly repo: string;
  readonly name: string;
  /** A tag or, for OCI, `sha256:…`. */
  readonly version: string;
}

/** A chart archive of known content. */
export interface ResolvedChart {
  /** `sha256:` and 64 hex digits. */
  readonly digest: string;
  readonly fetch: (signal?: AbortSignal) => Promise<Buffer>;
}

export function isSemVer(version: string): boolean {
  return version.startsWith('sha256:') || semver.valid(version, { loose: false }) !== null;
}

/** `oci://host/path/name@sha256:…` */
export function ociSource(reference: string): ChartSource {
  const [, repo = '', name = '', version = ''] =
    /^(oci:\/\/.+)\/([^/@]+)@(sha256:[0-9a-f]{64})$/.exec(reference) ?? [];
  return { repo, name, version };
}

/** `repo/name:version`, as status shows it. */
export function shownAs({ repo, name, version }: ChartSource): string {
  return `${repo.replace(/\/+$/, '')}/${name}${version.startsWith('sha256:') ? '@' : ':'}${version}`;
}

export function versionNotFound({ repo, name, version }: ChartSource): CharterError {
  return new CharterError('CHR_CHART_VERSION_NOT_FOUND', `${repo} has no ${name} ${version}`);
}

/** Prefixes as an operator writes them; a prefix ends at a `/`, so that `https://a.b` does not allow `https://a.b.evil`. */
export function isAllowed(repo: string, allowed: readonly string[]): boolean {
  const asFolder = (url: string) => `${url.replace(/\/+$/, '')}/`;
  return isPlain(repo) && allowed.some((prefix) => asFolder(repo).startsWith(asFolder(prefix)));
}

/** Nothing in it that a URL parser would read as another place than it shows: no `..`, escape, blank, back slash, user or query. */
function isPlain(repo: string): boolean {
  return (
    /^[a-z]+:\/\/[A-Za-z0-9.:[\]-]+(\/[A-Za-z0-9._~+-]+)*\/*$/.test(repo) && !/(^|\/)\.\.?(\/|$)/.test(repo)
  );
}
