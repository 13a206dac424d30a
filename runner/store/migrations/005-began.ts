// When a run began, by the clock of the database: a machine whose own clock is ahead must not hide the runs that come after its own.
import { runView } from './002-views.ts';

export const began = [
  // A runner of the release before does not know the column; its row comes at the start of its run.
  `alter table charter.run add column began_at timestamptz not null default date_trunc('milliseconds', now())`,
  // The best that is known of old rows: none was stored before it began.
  `update charter.run set began_at = date_trunc('milliseconds', least(started_at, stored_at))`,
  `drop index charter.run_by_time`,
  `drop index charter.run_by_environment`,
  `create index run_by_time on charter.run (began_at desc, id desc)`,
  `create index run_by_environment on charter.run (environment, began_at desc, id desc)`,
  `create or replace view charter.run_view as ${runView(', r.began_at')}`,
];
