// What an image holds: its SBOM beside it, its size above the base, its packages. Takes seconds, so only who asks for it waits, and once for each build.
import { readFileSync, writeFileSync } from 'node:fs';
import { extract, type Size, savedImage, sizeOf } from './archive.ts';
import type { Built } from './build.ts';
import type { Builder } from './builder.ts';
import { filesOf, nameOf, treeOf, version, workFolder } from './images.ts';
import { productionPackages } from './production.ts';
import { sbom } from './sbom.ts';
import { lockfile } from './tree.ts';
import { contentsOf } from './trees.ts';

export interface Account {
  /** Of the layers above the base. */
  readonly ours: Size;
  readonly packages: number;
}

export async function account(builder: Builder, built: Built): Promise<Account> {
  if (built.account !== undefined) return built.account;
  const { target, archive, base } = built;
  const files = filesOf(nameOf[target]);
  writeFileSync(files.sbom, `${JSON.stringify(await billOf(builder, built), undefined, 2)}\n`);
  const [all, below] = await Promise.all([savedImage(archive), savedImage(base.archive)]);
  const ours = all.layers.slice(below.layers.length);
  const packages = productionPackages(lockfile(), contentsOf[treeOf[target]].packages).length;
  const made: Account = { ours: await sizeOf(archive, ours), packages };
  writeFileSync(files.record, `${JSON.stringify({ ...built, account: made }, undefined, 2)}\n`);
  return made;
}

async function billOf(builder: Builder, { base, target, id }: Built): Promise<object> {
  const text = async (path: string): Promise<string> => {
    const to = workFolder('bases', 'file');
    return (await extract(base.archive, path, to)) ? readFileSync(to, 'utf8') : '';
  };
  const release = await text('usr/lib/os-release');
  return sbom({
    ...{ name: nameOf[target], version: version(), imageId: id },
    tree: workFolder('tree', treeOf[target]),
    packages: contentsOf[treeOf[target]].packages,
    dpkgStatus: await text('var/lib/dpkg/status'),
    nodeVersion: (
      await builder.run({ image: base.image, words: ['/usr/local/bin/node', '--version'] })
    ).slice(1),
    distribution: /^ID=(.*)$/m.exec(release)?.[1] ?? 'debian',
  });
}
