// Marks tell verdicts apart without their colours. Each is drawn once per page and used by its name.
import { type Html, html } from './markup.ts';
import type { Tone } from './words.ts';

const shapes: Readonly<Record<Tone, string>> = {
  passed: 'M3.5 8.5l3 3 6-7',
  failed: 'M4 4l8 8M12 4l-8 8',
  error: 'M8 3v6M8 12v.6',
  skipped: 'M3.5 8h9',
  flaky: 'M2.5 9.5c2-5 3.5-5 5.5-1.5s3.5 3.5 5.5-1.5',
  running: 'M8 3a5 5 0 1 0 5 5',
  notrun: 'M8 7.9v.2',
};

/** The drawings; stands once in a document that uses marks. */
export const markSheet: Html = html`<svg class="sheet" aria-hidden="true" focusable="false">${Object.entries(
  shapes,
).map(
  ([tone, path]) => html`<symbol id="m-${tone}" viewBox="0 0 16 16"><path d="${path}"/></symbol>`,
)}</svg>`;

/** Says nothing to a screen reader: words stand beside it. */
export function mark(tone: Tone): Html {
  return html`<svg class="mark ${tone}" aria-hidden="true"><use href="#m-${tone}"/></svg>`;
}

export function pill(tone: Tone, words: string | Html): Html {
  return html`<span class="pill ${tone}">${mark(tone)}${words}</span>`;
}
