// Charts in OCI registries: manifest by tag or digest, then the one layer that is the archive. Anonymous, with the token that registries hand out.
import { type Fetched, fetchFrom, notLoaded } from './http.ts';
import type { Repository } from './repository.ts';
import { sha256 } from './repository.ts';
import { versionNotFound } from './source.ts';

const manifestType = 'application/vnd.oci.image.manifest.v1+json';
const chartLayer = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip';

interface Manifest {
  readonly layers?: readonly { readonly mediaType?: string; readonly digest?: string }[];
}

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
    const { layers = [] } = JSON.parse(body.toString('utf8')) as Manifest;
    return layers.find(({ mediaType }) => mediaType === chartLayer)?.digest;
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
  const ask = new URL(realm);
  for (const name of ['service', 'scope']) {
    const value = part(name);
    if (value !== undefined) ask.searchParams.set(name, value);
  }
  const { status, body } = await fetchFrom(ask.href, options);
  if (status !== 200) return first;
  const { token, access_token: other } = JSON.parse(body.toString('utf8')) as Record<string, string>;
  return fetchFrom(url, { ...options, headers: { ...headers, authorization: `Bearer ${token ?? other}` } });
}
