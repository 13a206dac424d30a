// What is left when a snapshot is compared with the one from the start. Pure.

/** From what was looked at to what was there. */
export type Snapshot = Readonly<Record<string, string>>;

/** One line per thing that is not as it was. */
export function residue(start: Snapshot, end: Snapshot): string[] {
  const names = [...new Set([...Object.keys(start), ...Object.keys(end)])];
  return names
    .filter((name) => start[name] !== end[name])
    .map((name) => `${name}: ${start[name] ?? 'none'} at the start, ${end[name] ?? 'none'} now`);
}
