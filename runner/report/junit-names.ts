// What cases are called in JUnit. GitLab drops the second of two cases with one classname and name, so names are made unique.
import type { CaseState, RunState } from '../journal/index.ts';
import { clean } from './xml.ts';

const nameLimit = 1024;

/** `10.3 title [alice]` on one line; dashboards show it as it is. */
export function caseName({ planned }: CaseState): string {
  const persona = planned.persona === undefined ? '' : `[${planned.persona}]`;
  const name = [planned.id, planned.title, persona].filter((part) => part !== '').join(' ');
  return oneLine(name, nameLimit);
}

export function className(campaign: string): string {
  return oneLine(`charter.${campaign}`, 256);
}

/** Blanks are folded, because XML parsers fold them in attributes and two names would become one. */
export function oneLine(text: string, limit: number): string {
  const line = clean(text).replace(/\s+/g, ' ').trim();
  return line.length <= limit ? line : `${line.slice(0, limit - 1).toWellFormed()}…`;
}

export type Names = (item: CaseState) => string;

/**
 * Keys differ, but names may not once the characters that XML cannot hold are gone; then they get a number. Cases that
 * have not started take their name too, or a name would change when an earlier case starts.
 */
export function uniqueNames(state: RunState): Names {
  const taken = new Set<string>();
  const numbered = new Map<CaseState, string>();
  for (const item of state.cases.values()) {
    const classname = className(item.planned.campaign);
    const name = caseName(item);
    let candidate = name;
    for (let copy = 2; taken.has(`${classname}\n${candidate}`); copy += 1) candidate = `${name} #${copy}`;
    taken.add(`${classname}\n${candidate}`);
    if (candidate !== name) numbered.set(item, candidate);
  }
  return (item) => numbered.get(item) ?? caseName(item);
}
