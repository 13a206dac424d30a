// `import { campaign, expect } from 'charter-runner'`: all that a campaign file needs.
export { expect } from 'vitest';
export {
  type AccessQuestion,
  type AccessReview,
  type ApiServerAccess,
  type InCluster,
  inClusterAccess,
  selfSubjectAccessReview,
} from '../apiserver/index.ts';
export * from '../clients/index.ts';
export type { ConfigData, Part, Persona, TargetName } from '../config/index.ts';
export type { CampaignOptions, CaseOptions } from './case.ts';
export type { CaseContext } from './context.ts';
export { type Campaign, type CaseBody, campaign } from './declare.ts';
