// Charts in OCI registries: manifest by tag or digest, then the one layer that is the archive. Anonymous, with the token that registries hand out.
import { z } from 'zod';
import { type Fetched, fetchFrom, notLoaded } from './http.ts';
import type { Repository } from './repository.ts';
import { sha256 } from './repository.ts';
import { versionNotFound } from './source.ts';

const manifestType = 'application/vnd.oci.image.manifest.v1+json';
const chartLayer = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip';

const manifestShape = z.object({
  layers: z.array(z.object({ mediaType: z.string().optional(), digest: z.string().optional() })),
});

/** `plainHttp`: hosts (with port) that are spoken to without TLS. */
export function ociRegistries(plainHttp: readonly string[]): Repository {
  return async (source, signal) => {
    const { host, pathname } = new URL(source.repo.replace(/^oci:/, 'https:'));
    const base = `${plainHttp.includes(host) ? 'http' : 'https'}://${host}/v2${pathname.replace(/\/+$/, '')}/${source.name}`;
    // Tags cannot hold a `+`.
    const reference = source.version.replaceAll('+', '_');
    const url = `${base}/manifests/${reference}`;
    const manifest = await withToken(url, { accept: manifestType }, signal);
    if (manifest.status === 404) throw versionNotFound(source);
    if (manifest.status !== 200) throw notLoaded(url, `HTTP ${manifest.status}`);
    if (reference.startsWith('sha256:') && `sha256:${sha256(manifest.body)}` !== reference)
      throw notLoaded(url, 'the manifest is not what its digest says');
    const digest = layerOf(manifest.body);
    if (digest === undefined) throw notLoaded(url, 'no Helm chart');
    const fetch = async (until?: AbortSignal) => {
      const blob = `${base}/blobs/${digest}`;
      const answer = await withToken(blob, {}, until);
      if (answer.status !== 200) throw notLoaded(blob, `HTTP ${answer.status}`);
      return answer.body;
    };
    return { digest, fetch };
  };
}

function layerOf(body: Buffer): string | undefined {
  try {
    const { layers } = manifestShape.parse(JSON.parse(body.toString('utf8')));
    const digest = layers.find(({ mediaType }) => mediaType === chartLayer)?.digest;
    return digest !== undefined && /^sha256:[0-9a-f]{64}$/.test(digest) ? digest : undefined;
  } catch {
    return undefined;
  }
}

async function withToken(
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<Fetched> {
  const options = { ...(signal && { signal }) };
  const first = await fetchFrom(url, { ...options, headers });
  const challenge = first.headers['www-authenticate'];
  if (first.status !== 401 || typeof challenge !== 'string') return first;
  const part = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1];
  const realm = part('realm');
  if (!challenge.startsWith('Bearer ') || realm === undefined) return first;
  if (!URL.canParse(realm)) throw notLoaded(url, 'it asks for a token of a place that is no URL');
  const ask = new URL(realm);
  for (const name of ['service', 'scope']) {
    const value = part(name);
    if (value !== undefined) ask.searchParams.set(name, value);
  }
  const { status, body } = await fetchFrom(ask.href, options);
  if (status !== 200) return first;
  const token = tokenOf(body);
  if (token === undefined) throw notLoaded(ask.origin, 'no token in its answer');
  return fetchFrom(url, { ...options, headers: { ...headers, authorization: `Bearer ${token}` } });
}

const tokenShape = z.object({ token: z.string().optional(), access_token: z.string().optional() });

/** A parser's own words would quote the answer. */
function tokenOf(body: Buffer): string | undefined {
  try {
    const { token, access_token: other } = tokenShape.parse(JSON.parse(body.toString('utf8')));
    return token ?? other;
  } catch {
    return undefined;
  }
}
