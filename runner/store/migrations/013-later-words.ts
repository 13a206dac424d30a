// What a later word may say of an earlier one: a merge speaks for the shards that had begun before it, and a green part hides no red night.
import { isListed as listedBefore, viewOfRuns as viewBefore } from './008-lookups.ts';
import { placeRun } from './011-places.ts';
import { isWhole } from './012-parts.ts';

/** Of a row `r` of charter.run. A Job whose first shard was evicted has been merged, and goes on with the Pod that came in its place. */
export const isListed = listedBefore.replace(
  "(r.part = 'shard' or",
  "((r.part = 'shard' and other.stored_at >= r.began_at) or",
);

export const laterWords = [
  // A run that was taken for lost, came back and was lost again ended when it was last heard of.
  viewBefore
    .replace(listedBefore, isListed)
    .replace('coalesce(e.ended_at, b.at)', 'greatest(e.ended_at, b.at)'),
  placeRun
    .replace('create function', 'create or replace function')
    .replace('g.exit_code = 0', `g.exit_code = 0 and ${isWhole('g')}`),
];
