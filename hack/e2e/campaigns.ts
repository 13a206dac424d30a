// Campaigns of one's own, as a user of the chart brings them in by a ConfigMap.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Kube, KubeObject } from './kube.ts';

export const campaignsFolder = join(import.meta.dirname, 'campaigns');

const mapOf = (campaign: string): string => campaign.replace(/\..*/, '');

/** Names of the ConfigMaps; they are not the chart's and stay. */
export const campaignMaps: readonly string[] = readdirSync(campaignsFolder).map(mapOf);

/** Makes a ConfigMap of one of the files below `campaigns/`; gives the chart's values that bring it into a run. */
export async function bringIn(kube: Kube, campaign: string): Promise<{ extraSuites: { configMap: string } }> {
  const name = mapOf(campaign);
  const data = { [campaign]: readFileSync(join(campaignsFolder, campaign), 'utf8') };
  await kube.apply([{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data } as KubeObject]);
  return { extraSuites: { configMap: name } };
}
