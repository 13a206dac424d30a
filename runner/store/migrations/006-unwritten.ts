// A run whose report could not be written (exit code 5) has a status of its own, and no later push of its journal makes it green.
import { runView } from './002-views.ts';
import { endRun } from './003-functions.ts';

export const unwritten = [
  `create or replace view charter.run_view as ${runView(', r.began_at', "when 5 then 'unwritten' ")}`,
  endRun(
    'case when known.exit_code = 5 and excluded.exit_code = 0 then 5 else excluded.exit_code end',
  ).replace('create function', 'create or replace function'),
];
