// The SBOM beside an image, CycloneDX 1.6: what is really in it, read off the laid-out tree and the base. npm's own would list what
// is pruned, name this machine's registry, and differ each time.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { productionPackages } from './production.ts';
import { lockfile } from './tree.ts';

interface Component {
  readonly type: 'library' | 'application';
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly licenses?: readonly unknown[];
  readonly hashes?: readonly unknown[];
}

export interface SbomOrder {
  readonly name: string;
  readonly version: string;
  /** Digest of the image's configuration, e.g. `sha256:…`. */
  readonly imageId: string;
  readonly tree: string;
  /** Roots of the packages in the tree. */
  readonly packages: readonly string[];
  /** Text of the base's /var/lib/dpkg/status; empty where it has none. */
  readonly dpkgStatus: string;
  readonly nodeVersion: string;
  /** ID of /etc/os-release: debian, ubuntu. */
  readonly distribution: string;
}

export function sbom(order: SbomOrder): object {
  const { name, version, imageId, nodeVersion } = order;
  const purl = `pkg:oci/${name}@${encodeURIComponent(imageId)}`;
  const node: Component = {
    ...{ type: 'application', name: 'node', version: nodeVersion, licenses: [{ license: { id: 'MIT' } }] },
    ...reference(`pkg:generic/node@${nodeVersion}`),
  };
  const components = [...npmComponents(order), node, ...debianComponents(order)];
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: serialNumber(`${name}@${imageId}`),
    version: 1,
    metadata: { component: { type: 'container', 'bom-ref': purl, name, version, purl } },
    components: components.toSorted((a, b) => (a.purl < b.purl ? -1 : 1)),
  };
}

function npmComponents({ tree, packages }: SbomOrder): Component[] {
  return productionPackages(lockfile(), packages).map(({ path, integrity }): Component => {
    const { name, version, license } = JSON.parse(readFileSync(join(tree, path, 'package.json'), 'utf8'));
    const hashes = integrity?.startsWith('sha512-')
      ? { hashes: [{ alg: 'SHA-512', content: Buffer.from(integrity.slice(7), 'base64').toString('hex') }] }
      : {};
    return {
      type: 'library',
      name,
      version,
      ...licensed(license),
      ...hashes,
      ...reference(npmPurl(name, version)),
    };
  });
}

function npmPurl(name: string, version: string): string {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

function debianComponents({ dpkgStatus, distribution }: SbomOrder): Component[] {
  return dpkgStatus
    .split(/\n\n+/)
    .filter((stanza) => /^Status: install ok installed$/m.test(stanza))
    .map((stanza): Component => {
      const field = (key: string) => new RegExp(`^${key}: (.*)$`, 'm').exec(stanza)?.[1] ?? '';
      const [name, version] = [field('Package'), field('Version')];
      const purl = `pkg:deb/${distribution}/${name}@${encodeURIComponent(version)}?arch=${field('Architecture')}`;
      return { type: 'library', name, version, ...reference(purl) };
    });
}

function licensed(license: unknown): { licenses?: readonly unknown[] } {
  if (typeof license !== 'string') return {};
  return { licenses: [/[ (]/.test(license) ? { expression: license } : { license: { id: license } }] };
}

function reference(purl: string): { 'bom-ref': string; purl: string } {
  return { 'bom-ref': purl, purl };
}

/** The same image has the same number. */
function serialNumber(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  const variant = ((Number.parseInt(hex[16] ?? '0', 16) & 0x3) | 0x8).toString(16);
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ];
  return `urn:uuid:${parts.join('-')}`;
}
