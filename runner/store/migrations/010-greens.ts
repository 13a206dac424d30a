// Green is what the rows let be green: an end that says more is refused, and none takes back one that was not.
import { endRun } from './003-functions.ts';

/** As the fold has it: a property that was told later goes before the one of the start. */
const isProduction = `coalesce(
         (select p.value from charter.property p where p.run_id = p_run and p.name = 'production' order by p.n desc limit 1),
         (select r.properties->>'production' from charter.run r where r.id = p_run)) = 'true'`;

/** The conditions of docs/exit-codes.md for 0, turned round. */
const falseGreen = `
     if p_exit_code = 0 and (t.fail > 0 or t.err > 0 or t.pass = 0 or (t.unplanned_skips > 0 and ${isProduction})) then
       raise exception 'run % has pass=% fail=% err=% skip=%, % of these unplanned, and cannot have passed',
         p_run, t.pass, t.fail, t.err, t.skip, t.unplanned_skips using errcode = 'CH003';
     end if;`;

export const endOfGreens = endRun(
  'case when known.exit_code <> 0 and excluded.exit_code = 0 then known.exit_code else excluded.exit_code end',
  falseGreen,
).replace('create function', 'create or replace function');

export const greens = [endOfGreens];
