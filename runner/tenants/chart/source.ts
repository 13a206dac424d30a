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

/** Of one path segment: it becomes part of a URL whose beginning was allowed. */
export const chartName = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** As the OCI distribution specification has it; a URL parser takes what is not in it (`\\`, `..`, `%2e`) for another place. */
export const ociReference =
  /^oci:\/\/([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]+)?(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)+@sha256:[0-9a-f]{64}$/;

/** Or a digest. It becomes part of a URL too. */
export function isSemVer(version: string): boolean {
  if (/^sha256:[0-9a-f]{64}$/.test(version)) return true;
  return version === version.trim() && semver.valid(version, { loose: false }) !== null;
}

/** `oci://host/path/name@sha256:…`; all empty for anything else. */
export function ociSource(reference: string): ChartSource {
  const [path = '', version = ''] = ociReference.test(reference) ? reference.split('@') : [];
  const end = path.lastIndexOf('/');
  return { repo: path.slice(0, Math.max(end, 0)), name: path.slice(end + 1), version };
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

/** As it was given. Repositories are read anonymously, and their URLs are told in status and events: one with a password is refused, unsaid. */
export function repoWithoutPassword(repo: string, flag: string): string {
  if (!/^[a-z]+:[/\\]*[^/\\]*@/i.test(repo)) return repo;
  throw new CharterError(
    'CHR_USAGE',
    `${flag} holds a user or password in its URL, which would be shown and not be sent`,
    {
      hint: 'Repositories are read anonymously: give the URL without what stands before the @, of one that asks for no password.',
    },
  );
}
