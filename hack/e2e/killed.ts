// One piece of the harness' work, over and over, for a check that kills it: on a fast machine too it is then under way.
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { baseImage } from '../image/base.ts';
import { chooseBuilder } from '../image/builder.ts';
import { workFolder } from '../image/images.ts';
import { run } from '../kind/command.ts';
import { load } from '../kind/load.ts';
import { temporaryFolder } from '../kind/temporary.ts';
import { archiveOfScratch } from './scratch-image.ts';

type Work = (...given: readonly string[]) => Promise<unknown>;

export const killedImage = 'charter-killed:e2e';

const works: Readonly<Record<string, Work>> = {
  /** Of Node's binary, which takes its time. */
  build: () =>
    archiveOfScratch({
      ...{ image: killedImage, dockerfile: 'COPY root/ /\n', inputs: `${Date.now()}` },
      layOut: async (root) => cpSync(process.execPath, join(root, 'node')),
    }),
  run: async () => {
    const builder = await chooseBuilder(workFolder('store'));
    const { image } = await baseImage(builder);
    await builder.run({ image, words: ['/usr/local/bin/node', '-e', 'setTimeout(() => {}, 60_000)'] });
  },
  load: async (archive = '', node = '') => {
    const images = 'ctr -n k8s.io images';
    await run(['docker', 'exec', node, 'sh', '-c', `${images} ls -q | xargs -r ${images} rm --sync`]);
    await load([archive], [node]);
  },
  /** `module`: one that gives `bake`. */
  bake: async (module = '', image = '') => {
    const { bake } = (await import(module)) as { bake: (from: string, tag: string) => Promise<void> };
    temporaryFolder('node-image');
    await bake(image, killedImage);
  },
};

const [work = '', ...given] = process.argv.slice(2);
const chosen = works[work];
if (chosen === undefined) throw new Error(`no work is called ${work}; there are ${Object.keys(works)}`);
for (;;) await chosen(...given);
