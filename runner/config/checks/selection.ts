// Campaigns that are to run, and cases that are expected to be skipped, are named so that they can be found.
import { describeValue } from '../describe.ts';
import { type CampaignId, campaignIds, caseCounts, parts } from '../names.ts';
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

/** How the key of a case ends that nobody is there for. */
const unplayed = ['(none)', ...parts.map((part) => `(${part})`)];

const caseForm = /^(?:(?<campaign>[A-Za-z][A-Za-z0-9-]*)\/)?(?<id>[^\s/[\]]+)(?:\[(?<persona>[^\s[\]]+)\])?$/;

export const checkExpectedSkips: Check = (source, { campaigns = 'own' }) => {
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
    const whole = (key: string) => (persona === undefined ? key : `${key}[${persona}]`);
    if (meant !== undefined) return [wrong(source, path, text, expected, whole(meant))];
    const unknown = campaigns === 'shipped' ? unknownCase(campaign, id) : undefined;
    if (unknown !== undefined) {
      const { known, suggestion } = unknown;
      return [wrong(source, path, text, known, suggestion === undefined ? undefined : whole(suggestion))];
    }
    const among = persona?.startsWith('(') ? unplayed : names;
    if (persona === undefined || among.includes(persona)) return [];
    const name = nearest(persona, among);
    const suggestion = name === undefined ? undefined : text.replace(`[${persona}]`, () => `[${name}]`);
    const who = among === names ? 'the name of a persona' : 'a part in parentheses, or (none),';
    return [wrong(source, path, text, `${who} in [${persona}]`, suggestion)];
  });
};

const likeTheCharter = /^(?:c-?|w)\d{1,2}$/i;

interface UnknownCase {
  readonly known: string;
  readonly suggestion: string | undefined;
}

/** Says what a campaign that ships holds, where the case is none of its. */
function unknownCase(campaign: string | undefined, id: string): UnknownCase | undefined {
  const of = campaignIds.find((one) => one === (campaign ?? charterCase(id)?.campaign));
  if (of === undefined) return undefined;
  const cases = casesOf(of);
  if (cases.includes(id)) return undefined;
  const meant = nearest(id, cases);
  return {
    known: `a case of ${of}, ${cases[0]} to ${cases.at(-1)}; one of your own by its key, e.g. MY/${id}`,
    suggestion: meant === undefined || campaign === undefined ? meant : `${campaign}/${meant}`,
  };
}

function casesOf(campaign: CampaignId): string[] {
  const prefix = campaign.replace('C-', '');
  return Array.from({ length: caseCounts[campaign] }, (_, index) => `${prefix}.${index + 1}`);
}

/** What was meant where campaign and case do not fit together as the charter's do; undefined where nothing is wrong. */
function respelledCase(campaign: string | undefined, id: string): string | undefined {
  const own = charterCase(id);
  if (campaign === undefined) return own === undefined || own.id === id ? undefined : own.id;
  const known = ids.find((one) => plain(one) === plain(campaign));
  // `C-1/10.3` is C-10/10.3; a campaign of one's own may number its cases as it likes.
  if (known === undefined && !(own !== undefined && likeTheCharter.test(campaign))) return undefined;
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
