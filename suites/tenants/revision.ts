// What Helm's record tells beyond numbers: whether Helm is at work, and whether a release is the one that was there before. An uninstall and an install leave the same revisions behind, in Secrets of other uids.
import type { Tenant } from './tenant.ts';

/** Of the Secret in which Helm keeps this revision. */
export async function uidOfRevision(shop: Tenant, version: number): Promise<string> {
  const name = `sh.helm.release.v1.${shop.release}.v${version}`;
  const uid = (await shop.cluster.find('Secret', shop.inWorkspace(name)))?.metadata.uid;
  if (uid === undefined) throw new Error(`there is no Secret ${name} in namespace ${shop.workspace}`);
  return uid;
}

/** A revision that Helm has begun and not ended. */
export const atWork = (revisions: Awaited<ReturnType<Tenant['revisions']>>): boolean =>
  revisions.some(({ status }) => /^(pending-|uninstalling)/.test(status));
