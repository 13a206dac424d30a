// Words of charter.yaml that other rooms speak too. Apart from the schema, so that a worker needs no zod to know them.

export const targetNames = ['keycloak', 'opa', 'trino', 'policySync', 'cockpitBackend'] as const;
export type TargetName = (typeof targetNames)[number];

/** The parts personas play in the charter; `cast` says who plays which. */
export const parts = ['admin', 'engineer', 'analyst', 'viewer', 'steward', 'otherProject'] as const;
export type Part = (typeof parts)[number];

export const campaignIds = ['C-10', 'C-11', 'C-12', 'C-13', 'C-14', 'C-15', 'W2', 'W4', 'W5'] as const;
export type CampaignId = (typeof campaignIds)[number];

/** Of the campaigns that ship: they count their cases from 1. */
export const caseCounts: Readonly<Record<CampaignId, number>> = {
  'C-10': 12,
  'C-11': 12,
  'C-12': 10,
  'C-13': 9,
  'C-14': 8,
  'C-15': 13,
  W2: 12,
  W4: 12,
  W5: 10,
};

/** Environment variable, and default key in the persona Secret, of a persona's password. */
export function passwordVariable(personaName: string): string {
  return `AKKO_TEST_PASSWORD_${personaName.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`;
}

/** The platform of a run whose charter does not let it be told. */
export const unknownEnvironment = 'unknown';

/** As long as a run may be told to be kept: a hundred years, which every calendar can count back. */
export const mostDays = 36_500;

/** Ten days: two of them together still fit into one timer of Node, which at 2³¹ ms fires at once. */
export const mostMs = 864_000_000;
