// The migrations in their order. One that was released is never changed: the next one changes what it made.

import { sql } from 'kysely';
import type { Migration, MigrationProvider } from 'kysely/migration';
import { tables } from './001-tables.ts';
import { views } from './002-views.ts';
import { functions } from './003-functions.ts';
import { roles } from './004-roles.ts';
import { began } from './005-began.ts';
import { unwritten } from './006-unwritten.ts';
import { journals } from './007-journals.ts';
import { lookups } from './008-lookups.ts';
import { merged } from './009-merged.ts';
import { greens } from './010-greens.ts';
import { places } from './011-places.ts';
import { parts } from './012-parts.ts';
import { laterWords } from './013-later-words.ts';
import { lastSigns } from './014-last-signs.ts';

/** Statements one by one: PGlite takes no more at once. */
function statements(list: readonly string[]): Migration {
  return {
    up: async (db) => {
      for (const statement of list) await sql.raw(statement).execute(db);
    },
  };
}

const all: Record<string, Migration> = {
  '001-tables': statements(tables),
  '002-views': statements(views),
  '003-functions': statements(functions),
  '004-roles': statements(roles),
  '005-began': statements(began),
  '006-unwritten': statements(unwritten),
  '007-journals': statements(journals),
  '008-lookups': statements(lookups),
  '009-merged': statements(merged),
  '010-greens': statements(greens),
  '011-places': statements(places),
  '012-parts': statements(parts),
  '013-later-words': statements(laterWords),
  '014-last-signs': statements(lastSigns),
};

export const migrations: MigrationProvider = { getMigrations: async () => all };
/** What a database must have had for this program. */
export const latestMigration = Object.keys(all).toSorted().at(-1) ?? '';
