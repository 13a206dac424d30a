// Which journals of a folder the store has taken in: they are not read again, and a run that was pruned does not come back from its own.
export const journals = [`create table charter.journal (name text primary key, stamp text not null)`];
