// "Last charter run" for a platform's own cockpit: a fragment to put into a page, or the same as a page of its own for a frame.
import type { EnvironmentHead } from '../../store/index.ts';
import { assets } from '../assets.ts';
import { lastWords } from '../freshness.ts';
import { links } from '../html/links.ts';
import { mark, markSheet } from '../html/marks.ts';
import { type Html, html } from '../html/markup.ts';
import { line } from '../html/text.ts';
import { timeAndAge } from '../html/time.ts';
import { progressWords, verdictSentence } from '../html/words.ts';
import type { Problem } from './problem.ts';
import { numbers } from './verdict-card.ts';

/** `base`: where the cockpit is reached from outside, `''` for links within it. */
export function widgetFragment(
  { environment, last, running }: EnvironmentHead,
  now: number,
  base: string,
): Html {
  const tone = last === undefined ? 'notrun' : lastWords(last, now).tone;
  return html`<section class="card verdict ${tone} charter-widget" aria-label="Last charter run">
${markSheet}${mark(tone)}
<div><p class="place">Charter, ${line(environment, 60)}</p>
<p class="sentence">${last === undefined ? 'No run of the whole charter has ended yet' : html`<a href="${base}${links.run(last.run)}" target="_top">${verdictSentence(last)}</a>`}</p>
${last === undefined ? '' : html`<p class="facts quiet">${timeAndAge(last.startedAt, now)}</p>${numbers(last)}`}
${running === undefined ? '' : html`<p class="quiet"><a href="${base}${links.live(running.run)}" target="_top">Running: ${progressWords(running)}</a></p>`}
</div></section>`;
}

/** In the place of a fragment, where none can be made. */
export function widgetProblem({ title }: Problem): Html {
  return html`<section class="card verdict notrun charter-widget" aria-label="Last charter run">
${markSheet}${mark('notrun')}
<div><p class="place">Charter</p><p class="sentence">${title}</p></div></section>`;
}

/** Seconds after which a frame loads the widget again: an old green would be a wrong verdict. */
const widgetRefreshSeconds = 120;

export function widgetPage(fragment: Html): Html {
  return html`<!doctype html>
<html lang="en" data-refresh="${widgetRefreshSeconds}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Last charter run</title><link rel="icon" href="/icon.svg" type="image/svg+xml"><link rel="stylesheet" href="${assets.style.path}">
<noscript><meta http-equiv="refresh" content="${widgetRefreshSeconds}"></noscript><script src="${assets.script.path}" defer></script></head>
<body class="bare"><main><h1 class="skip">Last charter run</h1>${fragment}</main></body></html>
`;
}
