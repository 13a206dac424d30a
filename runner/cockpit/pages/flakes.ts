// Cases that cannot make up their mind, worst first, with the evidence: a case is called flaky for what was seen, not by feeling.
import type { FlakyCase, HistoryPoint } from '../../store/index.ts';
import { links } from '../html/links.ts';
import { type Html, html } from '../html/markup.ts';
import { line } from '../html/text.ts';
import { time } from '../html/time.ts';
import { percent, plural } from '../html/words.ts';
import { historySquares } from '../svg/history.ts';
import { caseTitle } from './case-title.ts';
import { environmentLinks } from './environment-links.ts';
import { type KnownQuarantine, quarantineCard, quarantineNote } from './quarantine.ts';

export interface FlakesPage {
  readonly environment: string | undefined;
  readonly environments: readonly string[];
  readonly runs: number;
  readonly flakes: readonly FlakyCase[];
  /** By environment and key. */
  readonly histories: ReadonlyMap<string, ReadonlyMap<string, readonly HistoryPoint[]>>;
  readonly quarantine: KnownQuarantine;
}

export function flakesPage(page: FlakesPage): Html {
  const { environment, environments, runs, flakes, quarantine } = page;
  const only = environments.length === 1 ? environments[0] : undefined;
  return html`<h1>Flaky cases</h1>
<p class="quiet">In the last ${plural(runs, 'run')} of the whole charter of ${environment === undefined ? 'each environment' : line(environment, 60)}, and parts run since: cases that passed only on a retry, or that ended otherwise in another run of the same image and configuration.</p>
${environmentLinks(environment, environments, links.flakes)}
<section class="card">${
    flakes.length === 0
      ? html`<p>None. Every case that ran had one result for one image and configuration.</p>`
      : html`<div class="table" tabindex="0" role="group" aria-label="Flaky cases"><table>
<thead><tr><th scope="col">Case</th><th scope="col" class="n">Rate</th><th scope="col">Evidence</th><th scope="col">Last seen</th></tr></thead>
<tbody>${flakes.map((item) => row(item, page))}</tbody></table></div>`
  }</section>
${quarantineCard(quarantine, { environment: environment ?? only, told: new Set(flakes.map(({ key }) => key)) })}`;
}

function row(item: FlakyCase, { histories, quarantine }: FlakesPage): Html {
  const { environment, rate, runs, retried, disagreed, lastAt, key } = item;
  const history = histories.get(environment)?.get(key) ?? [];
  return html`
<tr><td class="name">${caseTitle(item, links.case(environment, key))}<br><span class="quiet">${line(environment, 60)}</span>${quarantineNote(quarantine, key)}</td><td class="n"><b>${percent(rate)}</b><br><span class="quiet">of ${plural(runs, 'run')}</span></td><td>${history.length > 1 ? historySquares(history) : ''}<span class="quiet">${plural(retried, 'retry', 'retries')}, ${plural(disagreed, 'contradiction')}</span></td><td>${time(lastAt)}</td></tr>`;
}
