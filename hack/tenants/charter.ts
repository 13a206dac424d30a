// The charter of campaign TEN. Its cases ask for no target of a platform, so these are never called.
const nobody = { url: 'http://unused' };

/** A scenario breaks things on purpose: a second attempt would hide what it finds. */
export const charter = {
  environment: 'kind',
  execution: { retry: 0 },
  targets: { keycloak: nobody, opa: nobody, trino: nobody, policySync: nobody, cockpitBackend: nobody },
  budgets: { caseMs: 180_000, runMs: 3_000_000 },
};
