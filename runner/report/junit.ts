// The JUnit file: one suite per campaign, run facts as properties of the first suite, everything not run as one error case.
// Valid by junit-10.xsd as one file; each suite less timestamp and hostname is valid by the surefire schema.
import { type CampaignState, countsOf, notRunTitle, type RunState } from '../journal/index.ts';
import { testcase } from './junit-case.ts';
import { className, type Names, uniqueNames } from './junit-names.ts';
import { replaceFile } from './replace-file.ts';
import { clean, cut, seconds, xmlAttribute } from './xml.ts';

/** Up to here the renderer keeps what it rendered and the live file is replaced after every case. */
export const smallRun = 1000;

const textLimit = 65_536;
/** UTF-16 units of all texts together. GitLab refuses files of 30 MB; a unit may take six bytes escaped and stand three times. */
const textBudget = 1_500_000;

export function junit(state: RunState): string {
  return [...new JunitRenderer().render(state)].join('');
}

/** Once, at the end or from a journal; while a run goes on, LiveReport writes. */
export function writeJunit(path: string, state: RunState): void {
  replaceFile(path, new JunitRenderer().render(state), 'disk');
}

interface Rendered {
  readonly revision: number;
  readonly limit: number;
  readonly text: string;
}

/** Renders the same state again and again, and only what has changed since. Holds texts of small runs only. */
export class JunitRenderer {
  readonly #rendered = new Map<string, Rendered>();
  #named: { readonly planRevision: number; readonly names: Names } | undefined;

  /** Pieces of the file in order, so that a run of 100,000 cases need not stand in memory as one string. */
  *render(state: RunState): Generator<string> {
    const limit = limitFor(state);
    const names = this.#namesOf(state);
    const { tests, fail, err } = countsOf(state);
    const time = seconds(Date.parse(state.ended?.at ?? state.lastAt) - Date.parse(state.startedAt));
    yield '<?xml version="1.0" encoding="UTF-8"?>\n';
    yield `<testsuites name="charter" tests="${tests}" failures="${fail}" errors="${err}" time="${time}">\n`;
    let facts = properties(state);
    const notRun = notRunTitle(state);
    const started = [...state.campaigns.values()].filter(
      (campaign) => campaign.tally.notRun < campaign.cases.length,
    );
    if (notRun !== undefined || started.length === 0) {
      yield runSuite(state, notRun, facts);
      facts = '';
    }
    for (const campaign of started) {
      yield suiteHead(state, campaign, facts);
      facts = '';
      yield* this.#cases(state, campaign, limit, names);
      yield '  </testsuite>\n';
    }
    yield '</testsuites>\n';
  }

  *#cases(state: RunState, campaign: CampaignState, limit: number, names: Names): Generator<string> {
    const classname = className(campaign.name);
    const keep = state.cases.size <= smallRun;
    let piece = '';
    for (const item of campaign.cases) {
      const { key } = item.planned;
      const known = this.#rendered.get(key);
      if (known !== undefined && known.revision === item.revision && known.limit === limit) {
        piece += known.text;
        continue;
      }
      const text = testcase(item, { classname, name: names(item), limit, lastAt: state.lastAt });
      if (keep && item.progress !== 'running')
        this.#rendered.set(key, { revision: item.revision, limit, text });
      piece += text;
      if (piece.length > 65_536) {
        yield piece;
        piece = '';
      }
    }
    yield piece;
  }

  #namesOf(state: RunState): Names {
    if (this.#named?.planRevision !== state.planRevision) {
      this.#named = { planRevision: state.planRevision, names: uniqueNames(state) };
      this.#rendered.clear();
    }
    return this.#named.names;
  }
}

/** Halved step by step, so that what is already rendered stays valid as long as possible. */
function limitFor({ texts }: RunState): number {
  let limit = textLimit;
  while (texts.length > textBudget && limit > 64 && limit * texts.count > textBudget) limit /= 2;
  return limit;
}

function suiteHead(state: RunState, campaign: CampaignState, facts: string): string {
  const { passed, failed, error, skipped } = campaign.tally;
  const counts = `tests="${passed + failed + error + skipped}" failures="${failed}" errors="${error}" skipped="${skipped}"`;
  return `  ${suite(campaign.name, counts, seconds(campaign.timeMs), campaign.startedAt ?? state.startedAt, state.host)}${facts}`;
}

function suite(name: string, counts: string, time: string, startedAt: string, host: string): string {
  const timestamp = xmlAttribute(startedAt === '' ? '1970-01-01T00:00:00Z' : startedAt);
  return `<testsuite name="${xmlAttribute(cut(name, 256))}" ${counts} time="${time}" timestamp="${timestamp}" hostname="${xmlAttribute(host)}">\n`;
}

function runSuite(state: RunState, notRun: string | undefined, facts: string): string {
  const count = notRun === undefined ? 0 : 1;
  const head = suite(
    'run',
    `tests="${count}" failures="0" errors="${count}" skipped="0"`,
    '0.000',
    state.startedAt,
    state.host,
  );
  const title = xmlAttribute(notRun ?? '');
  const why = xmlAttribute(
    state.ended === undefined ? 'the run has not ended' : `the run ended: ${state.ended.reason}`,
  );
  const lost =
    notRun === undefined
      ? ''
      : `    <testcase classname="charter-runner" name="${title}" time="0.000">\n      <error message="${title} (${why})" type="not-run"/>\n    </testcase>\n`;
  return `  ${head}${facts}${lost}  </testsuite>\n`;
}

function properties(state: RunState): string {
  const facts = new Map([['run', state.run], ['environment', state.environment], ...state.properties]);
  if (state.ended !== undefined) facts.set('ended', state.ended.reason);
  const lines = [...facts].map(
    ([name, value]) =>
      `      <property name="${xmlAttribute(cut(clean(name), 256))}" value="${xmlAttribute(cut(value, 4096))}"/>\n`,
  );
  return `    <properties>\n${lines.join('')}    </properties>\n`;
}
