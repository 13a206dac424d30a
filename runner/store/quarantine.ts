// Cases that are known to be flaky, each with an owner, a reason and a day on which patience ends. They are counted apart and change no
// verdict: a run that is red stays red, and says whose fault it may be.
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { CharterError } from '../errors/index.ts';

const day = z.iso.date({ error: 'not a day as 2026-12-31, in quotes' });
const text = z.string().min(1);

/** What stands in the file. */
export const quarantineFile = z.strictObject({
  quarantine: z.array(
    z.strictObject({
      case: text.describe('key of the case, e.g. C-10/10.3[alice]'),
      owner: text,
      reason: text,
      expires: day.describe('last day on which it counts apart'),
    }),
  ),
});

export type Quarantined = z.output<typeof quarantineFile>['quarantine'][number];

export interface Quarantine {
  readonly active: ReadonlyMap<string, Quarantined>;
  /** Nobody has looked after these in time: they count as any other case. */
  readonly expired: readonly Quarantined[];
}

export const noQuarantine: Quarantine = { active: new Map(), expired: [] };

/** Throws CHR_CONFIG_INVALID. `now` decides what has expired. */
export function readQuarantine(path: string, now: Date): Quarantine {
  const entries = entriesOf(path);
  const today = now.toISOString().slice(0, 10);
  const active = new Map(
    entries.filter(({ expires }) => expires >= today).map((entry) => [entry.case, entry]),
  );
  if (active.size < entries.filter(({ expires }) => expires >= today).length)
    throw invalid(path, 'a case stands in it twice');
  return { active, expired: entries.filter(({ expires }) => expires < today) };
}

function entriesOf(path: string): readonly Quarantined[] {
  let value: unknown;
  try {
    value = parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw invalid(path, cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause));
  }
  const parsed = quarantineFile.safeParse(value);
  if (parsed.success) return parsed.data.quarantine;
  const [issue] = parsed.error.issues;
  throw invalid(path, `${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'not understood'}`);
}

function invalid(path: string, why: string): CharterError {
  return new CharterError('CHR_CONFIG_INVALID', `The quarantine file ${path} is not right: ${why}`, {
    hint: 'quarantine: [{case: C-10/10.3, owner: team, reason: why, expires: "2026-12-31"}]. docs/store.md.',
  });
}
