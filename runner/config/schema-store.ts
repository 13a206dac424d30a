// The store of charter.yaml: where results are kept. No user, password or host stands here, only the file that has them.
import { z } from 'zod';
import { mostDays, mostMs } from './names.ts';

const text = z.string().min(1);
const count = (value: number, meaning: string) =>
  z.number().int().positive().default(value).describe(meaning);
const upTo = (most: number) => (value: number, meaning: string) =>
  z.number().int().positive().max(most).default(value).describe(meaning);
const days = upTo(mostDays);
/** A day: the store keeps 12 times as long in an integer of four bytes. */
const mostBeatMs = 86_400_000;

export const store = z.strictObject({
  mode: z
    .enum(['folder', 'postgres'])
    .default('folder')
    .describe(
      'folder: a database in a folder, filled from the journals when somebody looks; postgres: each run writes to it as it goes on',
    ),
  folder: text.optional().describe('folder of mode folder; default: store in the folder of the reports'),
  connectionFile: text
    .optional()
    .describe(
      'mounted file with a postgres:// URL, or folder with one file per key (host, port, user, password, dbname); default: PGHOST and the like',
    ),
  caFile: text
    .optional()
    .describe('PEM of the authority of the server; with it the server must prove its name (verify-full)'),
  required: z.boolean().default(false).describe('true: a run that could not be stored ends with exit code 5'),
  finishMs: upTo(mostMs)(5_000, 'milliseconds that the end of a run waits at most for the store'),
  beatMs: upTo(mostBeatMs)(
    5_000,
    'milliseconds between signs of life; a run without one for 12 times as long is aborted',
  ),
  quarantine: text
    .optional()
    .describe(
      'file of known flaky cases with owner, reason and expiry; a relative path starts at charter.yaml',
    ),
  keep: z
    .strictObject({
      days: days(90, 'days a run is kept by `charter store prune`'),
      redDays: days(365, 'days a run that is not green is kept; never less than `days`'),
      runs: count(1_000, 'runs of each environment that are kept in any case'),
      maxGreenRuns: z
        .number()
        .int()
        .positive()
        .optional()
        .describe(
          'green runs of each environment that stay at most, however young, beside the newest `runs`; without it their days alone decide',
        ),
    })
    .prefault({}),
});
