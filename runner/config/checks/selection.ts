// Campaigns that are to run, and cases that are expected to be skipped, are named so that they can be found.
import { describeValue } from '../describe.ts';
import { campaignIds } from '../names.ts';
import type { KeyPath } from '../places.ts';
import type { Problem } from '../problem.ts';
import type { Source } from '../source.ts';
import { nearest } from '../suggest.ts';
import { type Check, listAt, personaNames, problemAt, textAt } from './check.ts';

const ids: readonly string[] = campaignIds;

export const checkSuites: Check = (source) =>
  listAt(source, ['suites']).flatMap((_, index) => {
    const path = ['suites', index];
    const entry = textAt(source, path);
    if (entry === undefined || ids.includes(entry)) return [];
    const expected = `a campaign id (${ids.join(', ')}); campaigns of your own come by --suites DIR`;
    return [wrong(source, path, entry, expected, nearest(entry, ids))];
  });

const caseForm = /^(?:(?<campaign>[A-Za-z][A-Za-z0-9-]*)\/)?(?<id>[^\s/[\]]+)(?:\[(?<persona>[^\s[\]]+)\])?$/;

export const checkExpectedSkips: Check = (source) => {
  const names = personaNames(source);
  return listAt(source, ['expectedSkips']).flatMap((_, index) => {
    const path = ['expectedSkips', index, 'case'];
    const text = textAt(source, path);
    if (text === undefined) return [];
    const form = caseForm.exec(text)?.groups;
    const expected = 'a case id, e.g. 13.1, or a key, e.g. C-13/13.1[carol]';
    if (form?.id === undefined) return [wrong(source, path, text, expected, respelled(text))];
    const { campaign, id, persona } = form;
    const meant = respelledCase(campaign, id);
    if (meant !== undefined)
      return [wrong(source, path, text, expected, persona === undefined ? meant : `${meant}[${persona}]`)];
    // A case without its persona is written `[(none)]` or `[(analyst)]`.
    if (persona === undefined || persona.startsWith('(') || names.includes(persona)) return [];
    const name = nearest(persona, names);
    const suggestion = name === undefined ? undefined : text.replace(`[${persona}]`, `[${name}]`);
    return [wrong(source, path, text, `the name of a persona in [${persona}]`, suggestion)];
  });
};

/** What was meant where campaign and case do not fit together as the charter's do; undefined where nothing is wrong. */
function respelledCase(campaign: string | undefined, id: string): string | undefined {
  const own = charterCase(id);
  if (campaign === undefined) return own === undefined || own.id === id ? undefined : own.id;
  const known = ids.find((one) => plain(one) === plain(campaign));
  if (known === undefined) return undefined;
  if (own === undefined) return known === campaign ? undefined : `${known}/${id}`;
  const meant = `${own.campaign}/${own.id}`;
  return meant === `${campaign}/${id}` ? undefined : meant;
}

/** `C-13.1`, `c13-1`, `13,1` → case 13.1 of C-13; `w2.4` → case W2.4 of W2. */
function charterCase(id: string): { readonly campaign: string; readonly id: string } | undefined {
  const form = /^(?<letter>[cw])?-?(?<number>\d{1,2})[.,:_-](?<case>\d{1,2})$/i.exec(id)?.groups;
  if (form === undefined) return undefined;
  const isWorkflow = form.letter?.toLowerCase() === 'w';
  const campaign = isWorkflow ? `W${form.number}` : `C-${form.number}`;
  if (!ids.includes(campaign)) return undefined;
  return { campaign, id: `${isWorkflow ? 'W' : ''}${form.number}.${form.case}` };
}

function respelled(text: string): string | undefined {
  const [campaign, id] = text.trim().split(/[\s/]+/);
  if (campaign === undefined || id === undefined) return charterCase(text.trim())?.id;
  const own = charterCase(id);
  return own === undefined ? undefined : `${own.campaign}/${own.id}`;
}

function plain(id: string): string {
  return id.toLowerCase().replaceAll('-', '');
}

function wrong(
  source: Source,
  path: KeyPath,
  text: string,
  expected: string,
  suggestion: string | undefined,
): Problem {
  return problemAt(source, path, {
    expected,
    got: describeValue(text),
    ...(suggestion === undefined ? {} : { suggestion }),
  });
}
