// The strip and the heat map in one frame, which scrolls by itself where the screen is narrow.
import type { CampaignCell, RunHead } from '../../store/index.ts';
import { links } from '../html/links.ts';
import { mark } from '../html/marks.ts';
import { type Html, html, type Piece } from '../html/markup.ts';
import { plural, type Tone } from '../html/words.ts';
import { heatmap, mostCampaigns } from '../svg/heatmap.ts';
import { strip } from '../svg/strip.ts';

/** `runs` oldest first. */
export function runsCard(
  environment: string,
  runs: readonly RunHead[],
  cells: readonly CampaignCell[],
): Html {
  return html`<section class="card" aria-labelledby="runs">
<h2 id="runs">The last ${plural(runs.length, 'run')} <span class="quiet"><a href="${links.runs({ environment })}">all runs</a></span></h2>
<div class="scroll" tabindex="0" role="region" aria-label="Runs and campaigns as pictures">
${strip(runs)}
${heatmap(runs, cells)}
</div>
${moreCampaigns(cells)}${legend}
</section>`;
}

function moreCampaigns(cells: readonly CampaignCell[]): Piece {
  const more = new Set(cells.map(({ campaign }) => campaign)).size - mostCampaigns;
  return more > 0
    ? html`<p class="quiet">The ${mostCampaigns} campaigns with the most that is not as promised; ${plural(more, 'campaign')} more.</p>`
    : '';
}

const tones: readonly (readonly [Tone, string])[] = [
  ['passed', 'as promised'],
  ['failed', 'failed'],
  ['error', 'could not be asked, or cut short'],
  ['skipped', 'skipped'],
];

export const legend: Html = html`<p class="legend">${tones.map(
  ([tone, words]) => html`<span class="${tone}">${mark(tone)}${words}</span>`,
)}<span>A bar's height: how long the run took. Numbers: cases not as promised. Hollow: a part of the charter, or a shard. Half grey: some were skipped.</span></p>`;
