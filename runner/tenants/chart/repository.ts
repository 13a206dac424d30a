// Chart repositories with an index.yaml. The index is asked for again only when it has changed; its digest decides what an archive must be.
import { createHash } from 'node:crypto';
import { parse } from 'yaml';
import { z } from 'zod';
import { fetchFrom, notLoaded } from './http.ts';
import { type ChartSource, type ResolvedChart, versionNotFound } from './source.ts';

/** Of a whole index only this much has to be right: what is wrong with another chart is no trouble of this one. */
const indexShape = z.looseObject({ entries: z.record(z.string(), z.unknown()).nullish() });
const versionsShape = z.array(z.looseObject({ version: z.unknown() })).nullish();
const entryShape = z.looseObject({
  digest: z
    .string()
    .regex(/^(sha256:)?[0-9a-f]{64}$/)
    .optional(),
  urls: z.array(z.string()).nullish(),
});
type Index = z.infer<typeof indexShape>;

interface KeptIndex {
  readonly etag: string | undefined;
  readonly bodyHash: string;
  readonly index: Index;
}

export type Repository = (source: ChartSource, signal?: AbortSignal) => Promise<ResolvedChart>;

/** Indexes that are kept; one that is not is only asked for as a whole. */
const mostIndexes = 20;

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
    const [oldest] = kept.keys();
    if (kept.size > mostIndexes && oldest !== undefined) kept.delete(oldest);
    return index;
  }

  return async (source, signal) => {
    const base = `${source.repo.replace(/\/+$/, '')}/`;
    const wrong = (why: string) => notLoaded(`${base}index.yaml`, why);
    const { entries } = await indexOf(source.repo, signal);
    const versions = versionsShape.safeParse(entries?.[source.name]);
    if (!versions.success) throw wrong(`no list of versions of ${source.name}`);
    const found = versions.data?.find(({ version }) => version === source.version);
    if (found === undefined) throw versionNotFound(source);
    const entry = entryShape.safeParse(found);
    if (!entry.success) throw wrong(`the entry of ${source.name} ${source.version} is malformed`);
    const { digest, urls } = entry.data;
    const [place] = urls ?? [];
    if (place === undefined) throw versionNotFound(source);
    if (!URL.canParse(place, base)) throw wrong(`the entry of ${source.name} ${source.version} has no URL`);
    const url = new URL(place, base).href;
    const fetch = async (until?: AbortSignal) => {
      const { status, body } = await fetchFrom(url, { ...(until && { signal: until }) });
      if (status !== 200) throw notLoaded(url, `HTTP ${status}`);
      return body;
    };
    // An old index without digests: what is there now is what it is. It is not kept: that would be memory for an archive of each Tenant.
    const hash = digest === undefined ? sha256(await fetch(signal)) : digest.replace(/^sha256:/, '');
    return { digest: `sha256:${hash}`, fetch };
  };
}

function parsed(body: Buffer, url: string): Index {
  try {
    return indexShape.parse(parse(body.toString('utf8')));
  } catch {
    // The parsers quote the file, which may be a login page.
    throw notLoaded(url, 'no chart index');
  }
}

export function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
