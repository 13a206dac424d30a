// Chart repositories with an index.yaml. The index is asked for again only when it has changed; its digest decides what an archive must be.
import { createHash } from 'node:crypto';
import { parse } from 'yaml';
import { fetchFrom, notLoaded } from './http.ts';
import { type ChartSource, type ResolvedChart, versionNotFound } from './source.ts';

interface Index {
  readonly entries?: Readonly<
    Record<
      string,
      readonly { readonly version?: string; readonly digest?: string; readonly urls?: readonly string[] }[]
    >
  >;
}

interface KeptIndex {
  readonly etag: string | undefined;
  readonly bodyHash: string;
  readonly index: Index;
}

export type Repository = (source: ChartSource, signal?: AbortSignal) => Promise<ResolvedChart>;

export function httpRepositories(): Repository {
  const kept = new Map<string, KeptIndex>();

  async function indexOf(repo: string, signal?: AbortSignal): Promise<Index> {
    const url = `${repo.replace(/\/+$/, '')}/index.yaml`;
    const known = kept.get(repo);
    const headers: Record<string, string> = known?.etag === undefined ? {} : { 'if-none-match': known.etag };
    const { status, body, headers: answered } = await fetchFrom(url, { ...(signal && { signal }), headers });
    if (status === 304 && known !== undefined) return known.index;
    if (status !== 200) throw notLoaded(url, `HTTP ${status}`);
    const bodyHash = sha256(body);
    if (known?.bodyHash === bodyHash) return known.index;
    const index = parsed(body, url);
    const etag = typeof answered.etag === 'string' ? answered.etag : undefined;
    kept.set(repo, { etag, bodyHash, index });
    return index;
  }

  return async (source, signal) => {
    const { entries = {} } = await indexOf(source.repo, signal);
    const entry = entries[source.name]?.find(({ version }) => version === source.version);
    const [place] = entry?.urls ?? [];
    if (entry === undefined || place === undefined) throw versionNotFound(source);
    const url = new URL(place, `${source.repo.replace(/\/+$/, '')}/`).href;
    const fetch = async (until?: AbortSignal) => {
      const { status, body } = await fetchFrom(url, { ...(until && { signal: until }) });
      if (status !== 200) throw notLoaded(url, `HTTP ${status}`);
      return body;
    };
    if (entry.digest !== undefined)
      return { digest: `sha256:${entry.digest.replace(/^sha256:/, '')}`, fetch };
    // An old index without digests: what is there now is what it is.
    const archive = await fetch(signal);
    return { digest: `sha256:${sha256(archive)}`, fetch: async () => archive };
  };
}

function parsed(body: Buffer, url: string): Index {
  try {
    const index: unknown = parse(body.toString('utf8'));
    if (index !== null && typeof index === 'object') return index as Index;
  } catch {
    // Said below: the parser quotes the file, which may be a login page.
  }
  throw notLoaded(url, 'no chart index');
}

export function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
