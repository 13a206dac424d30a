// Who may do what: charter_runner inserts and ends runs, charter_cockpit reads. Logins are made members of one of them.
// Roles belong to the whole server: where they exist already they are taken as they are, and who may not make them is told
// by docs/store.md what to ask the administrator for.

const written = ['run', 'beat', 'plan', 'plan_case', 'run_plan', 'property', 'open_attempt', 'attempt'];

export const roles = [
  ...['charter_runner', 'charter_cockpit'].map(
    (role) => `do $$ begin
     create role ${role} nologin;
   exception
     when duplicate_object or unique_violation then null;
     when insufficient_privilege then raise notice 'no right to create the role ${role}';
   end $$`,
  ),
  // One statement per role: PGlite and Postgres alike skip the grants where the role could not be made.
  `do $$ begin
     if exists (select from pg_catalog.pg_roles where rolname = 'charter_runner') then
       grant usage on schema charter to charter_runner;
       grant insert on ${written.map((table) => `charter.${table}`).join(', ')} to charter_runner;
       grant select (id) on charter.plan to charter_runner;
       grant select on charter.kysely_migration to charter_runner;
       grant execute on function charter.end_run(text, timestamptz, integer, text, json) to charter_runner;
     end if;
   end $$`,
  `do $$ begin
     if exists (select from pg_catalog.pg_roles where rolname = 'charter_cockpit') then
       grant usage on schema charter to charter_cockpit;
       grant select on all tables in schema charter to charter_cockpit;
       alter default privileges in schema charter grant select on tables to charter_cockpit;
     end if;
   end $$`,
];
