// An image without the layers that a node has already: images share most of their bytes with their base.
import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SavedImage } from '../image/archive.ts';
import { run } from './command.ts';

/** Media types of the OCI image format. */
const oci = (kind: string): string => `application/vnd.oci.image.${kind}`;
const hexOf = (digest: string): string => digest.slice('sha256:'.length);

/**
 * Writes the image of a docker-archive as an OCI layout into a tar below `folder`, without the layers whose digests are in `held`.
 * Undefined where the archive itself is what to send: none of its layers is held, or they are compressed, and their digests are not
 * those that the image knows.
 */
export async function withoutHeld(
  archive: string,
  image: SavedImage,
  held: ReadonlySet<string>,
  folder: string,
): Promise<string | undefined> {
  if (!image.layers.some(({ diffId }) => held.has(diffId))) return undefined;
  if (image.layers.some(({ path, diffId }) => namesAnother(path, diffId))) return undefined;
  const blobs = join(folder, 'layout', 'blobs', 'sha256');
  mkdirSync(blobs, { recursive: true });
  const layers = image.layers.map(({ path, diffId }) => ({ path, digest: diffId }));
  // Empty layers are one and the same.
  const byDigest = new Map(layers.map((layer) => [layer.digest, layer]));
  const needed = [image.config, ...[...byDigest.values()].filter(({ digest }) => !held.has(digest))];
  await run(['tar', '-xf', archive, '-C', folder, ...needed.map(({ path }) => path)]);
  for (const { path, digest } of needed) renameSync(join(folder, path), join(blobs, hexOf(digest)));
  const sizes = await sizesIn(archive);
  const described = ({ path, digest }: { readonly path: string; readonly digest: string }, kind: string) => ({
    ...{ mediaType: oci(kind), digest, size: sizes.get(path) },
  });
  const manifest = JSON.stringify({
    ...{ schemaVersion: 2, mediaType: oci('manifest.v1+json') },
    config: described(image.config, 'config.v1+json'),
    layers: layers.map((layer) => described(layer, 'layer.v1.tar')),
  });
  const digest = `sha256:${createHash('sha256').update(manifest).digest('hex')}`;
  writeFileSync(join(blobs, hexOf(digest)), manifest);
  return layoutOf(image, { mediaType: oci('manifest.v1+json'), digest, size: manifest.length }, folder);
}

async function layoutOf({ names }: SavedImage, manifest: object, folder: string): Promise<string> {
  const layout = join(folder, 'layout');
  const manifests = names.map((name) => ({
    ...manifest,
    annotations: { 'io.containerd.image.name': name },
  }));
  const index = { schemaVersion: 2, mediaType: oci('index.v1+json'), manifests };
  writeFileSync(join(layout, 'index.json'), JSON.stringify(index));
  writeFileSync(join(layout, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  const tar = join(folder, 'image.tar');
  await run(['tar', '-cf', tar, '-C', layout, 'oci-layout', 'index.json', 'blobs']);
  return tar;
}

function namesAnother(path: string, diffId: string): boolean {
  const named = /[0-9a-f]{64}/.exec(path)?.[0];
  return path.startsWith('blobs/') && named !== hexOf(diffId);
}

/** Bytes by path. */
async function sizesIn(archive: string): Promise<ReadonlyMap<string, number>> {
  const listing = await run(['tar', '--list', '--verbose', '--numeric-owner', '--file', archive]);
  return new Map(
    listing.split('\n').map((line) => {
      const [, , size, , , path = ''] = line.split(/\s+/);
      return [path, Number(size)];
    }),
  );
}
