import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '../kind/paths.ts';
import { nameOf, productionPackages } from './production.ts';
import { sbom } from './sbom.ts';
import { lockfile } from './tree.ts';
import { contentsOf } from './trees.ts';

const { packages } = contentsOf.runner;
const order = {
  ...{ name: 'akko-charter-runner', version: '0.1.0', imageId: 'sha256:abc', nodeVersion: '26.10.0' },
  ...{ tree: projectRoot, packages, distribution: 'debian' },
  dpkgStatus: `Package: libc6
Status: install ok installed
Architecture: amd64
Version: 1:2.36-9+deb12u10

Package: gone
Status: deinstall ok config-files
Architecture: amd64
Version: 1
`,
};
const { components, ...rest } = sbom(order) as {
  components: { name: string; purl: string; hashes?: { content: string }[] }[];
  serialNumber: string;
};

test('lists every package that is shipped, Node, and what is installed in the base', () => {
  const npm = productionPackages(lockfile(), packages).map(({ path }) => nameOf(path));
  expect(components.map(({ name }) => name).toSorted()).toEqual([...npm, 'node', 'libc6'].toSorted());
  const [libc] = components.filter(({ name }) => name === 'libc6');
  expect(libc?.purl).toBe('pkg:deb/debian/libc6@1%3A2.36-9%2Bdeb12u10?arch=amd64');
});

test('gives the hash npm has checked', () => {
  const [vitest] = components.filter(({ name }) => name === 'vitest');
  const integrity = lockfile().packages[join('node_modules', 'vitest')]?.integrity ?? '';
  expect(vitest?.hashes?.[0]?.content).toBe(Buffer.from(integrity.slice(7), 'base64').toString('hex'));
});

test('is the same for the same image, and another for another', () => {
  expect(sbom(order)).toEqual({ components, ...rest });
  expect(rest.serialNumber).toMatch(
    /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  expect(sbom({ ...order, imageId: 'sha256:abd' })).not.toMatchObject({ serialNumber: rest.serialNumber });
});

test('names no registry', () => {
  expect(JSON.stringify({ components, ...rest }).match(/https?:\/\/[^"/]+/g)).toEqual([
    'http://cyclonedx.org',
  ]);
});
