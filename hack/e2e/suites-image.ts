// An image as somebody would bring campaigns in: the files in /suites, and the `cp` that the chart's own command starts.
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { campaignsFolder } from './campaigns.ts';
import { archiveOfScratch, copyLinked } from './scratch-image.ts';

export const suitesImage = 'charter-extra-suites:e2e';

/** Path of the docker-archive. */
export function suitesArchive(campaign: string): Promise<string> {
  const source = join(campaignsFolder, campaign);
  return archiveOfScratch({
    image: suitesImage,
    dockerfile: 'COPY root/ /\n',
    inputs: readFileSync(source, 'utf8'),
    layOut: async (root) => {
      await copyLinked(root, ['/bin/cp']);
      cpSync(source, join(root, 'suites', campaign));
    },
  });
}
