// A pushed run that began in the future of whoever pushes it: the clock that says so is wrong, and nobody knows when it ran. It stands as
// late as it may without a red run before it that nothing green has followed: such a run was the last word, and stays it.
export const placeRun = `create function charter.place_run() returns trigger
   language plpgsql security definer set search_path = pg_catalog, pg_temp
   as $$
   begin
     select date_trunc('milliseconds', least(now(), min(v.began_at) - interval '1 millisecond')) into new.began_at
     from charter.run_view v
     where v.environment = new.environment and v.is_listed and v.began_at > coalesce((
       select g.began_at from charter.run_view g
       where g.environment = new.environment and g.is_listed and g.part <> 'shard' and g.exit_code = 0
       order by g.began_at desc limit 1), '-infinity');
     return new;
   end $$`;

export const places = [
  // A trigger needs no right of the login that inserts; live writes know when they began and do not meet it.
  placeRun,
  `revoke all on function charter.place_run() from public`,
  `create trigger place_run before insert on charter.run for each row when (new.began_at is null) execute function charter.place_run()`,
];
