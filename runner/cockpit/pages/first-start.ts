// The overview of a store without runs: what to do next, not an empty table.
import { type Html, html } from '../html/markup.ts';

export const firstStart: Html = html`<section class="card empty">
<h1>No run is stored yet</h1>
<p>Runs appear here when they write to the same store. Reports that are there already can be sent later:</p>
<pre tabindex="0" role="group" aria-label="Command">charter store push charter-out/*.jsonl</pre>
</section>`;
