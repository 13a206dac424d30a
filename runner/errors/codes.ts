// Every code an error of charter-runner can carry. docs/errors.md lists them all; a test keeps the two equal.

/** What a code means and what the reader does next, when the place that throws has nothing more precise to say. */
export interface CodeEntry {
  readonly meaning: string;
  readonly hint: string;
}

export const codes = {
  CHR_USAGE: {
    meaning: 'The command line was not understood.',
    hint: 'Run `charter --help` or `charter <command> --help`.',
  },
  CHR_COMMAND_ABSENT: {
    meaning: 'The image was made without this command.',
    hint: 'Commands that may change a cluster are in the image charter-harness only (docs/image.md).',
  },
  CHR_CONFIG_INVALID: {
    meaning: 'charter.yaml does not hold what the runner needs.',
    hint: 'Each problem is listed with line and column; `charter config check` repeats just this check.',
  },
  CHR_CONFIG_UNREADABLE: {
    meaning: 'charter.yaml could not be read.',
    hint: 'Give the path with --config; in a cluster, check the ConfigMap mount.',
  },
  CHR_TARGET_EXTERNAL: {
    meaning: 'A target URL points outside the cluster.',
    hint: 'Use the Service name (http://akko-akko-trino:8080), or set allowExternalTargets: true on purpose.',
  },
  CHR_PERSONA_SECRET_MISSING: {
    meaning: 'personaSecret.optional is false and passwords are missing.',
    hint: 'Mount the Secret, or set personaSecret.optional: true to skip the cases concerned.',
  },
  CHR_TARGET_UNREACHABLE: {
    meaning: 'A target that is expected did not answer (connect-refused, timeout, reset, unresolved).',
    hint: 'Is the Service enabled? Does the NetworkPolicy allow egress from the runner? docs/troubleshooting.md.',
  },
  CHR_TARGET_NO_IDENTITY: {
    meaning: 'Something answers at the target URL, but it is not the product that is expected there.',
    hint: 'Check name and port of the Service.',
  },
  CHR_TARGET_ANSWER: {
    meaning:
      'A target answered something that its protocol does not allow (5xx, broken JSON, redirect elsewhere).',
    hint: 'Look at the HTTP exchange in the report, then at the log of the target.',
  },
  CHR_APISERVER: {
    meaning: 'The Kubernetes API server did not answer the runner as it should.',
    hint: 'Does the NetworkPolicy allow egress to the API server? Is the ServiceAccount token mounted?',
  },
  CHR_REPORT_UNWRITABLE: {
    meaning: 'The report or the journal could not be written.',
    hint: 'Is the output folder writable, and is there space left? Set it with --out.',
  },
  CHR_REPORT_MISSING: {
    meaning: 'There is no report to fetch.',
    hint: 'Has a run written to this folder? In a cluster, reports outlive their Pods only where `results` is a PVC.',
  },
  CHR_RUN_LOCKED: {
    meaning: 'Another run holds the lock.',
    hint: 'Wait for it to end, or give this run an output folder of its own with --out.',
  },
  CHR_CAMPAIGN_INVALID: {
    meaning: 'A campaign file declares something the runner cannot plan.',
    hint: 'docs/writing-campaigns.md shows the form.',
  },
} as const satisfies Record<string, CodeEntry>;

export type Code = keyof typeof codes;
