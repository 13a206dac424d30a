// The frame of every page: head, navigation, main. Works without JavaScript; the script adds local times and live numbers, and loads
// again more gently than a browser would by itself.
import { assets } from '../assets.ts';
import { markSheet } from './marks.ts';
import { type Html, html, type Piece } from './markup.ts';
import type { Tone } from './words.ts';

export interface Frame {
  readonly title: string;
  /** Which entry of the navigation this page belongs to. */
  readonly at?: 'overview' | 'runs' | 'flakes';
  /** Whom the proxy has signed in. */
  readonly user?: string | undefined;
  /** Colours the icon of the window. */
  readonly tone?: Tone;
  /** Seconds after which the page is loaded again. */
  readonly refreshSeconds?: number;
}

const entries = [
  ['overview', '/', 'Overview'],
  ['runs', '/runs', 'Runs'],
  ['flakes', '/flakes', 'Flakes'],
] as const;

export function document({ title, at, user, tone, refreshSeconds }: Frame, main: Piece): Html {
  return html`<!doctype html>
<html lang="en"${refreshSeconds === undefined ? '' : html` data-refresh="${refreshSeconds}"`}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · charter</title>
<link rel="stylesheet" href="${assets.style.path}">
<link rel="icon" href="/icon.svg?tone=${tone ?? 'notrun'}" type="image/svg+xml">
${refreshSeconds === undefined ? '' : html`<noscript><meta http-equiv="refresh" content="${refreshSeconds}"></noscript>`}
<script src="${assets.script.path}" defer></script>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
${markSheet}
<header class="top"><div class="wide">
<a class="home" href="/"><svg class="logo" viewBox="0 0 24 24" aria-hidden="true"><path d="M12 2l8 3v6c0 5-3.4 9-8 11-4.6-2-8-6-8-11V5z"/><path class="tick" d="M8 12l3 3 5-6"/></svg>charter</a>
<nav aria-label="Pages">${entries.map(
    ([name, path, words]) =>
      html`<a href="${path}"${name === at ? html` aria-current="page"` : ''}>${words}</a>`,
  )}</nav>
${user === undefined ? '' : html`<span class="user">${user}</span>`}
</div></header>
<main id="main" class="wide" tabindex="-1">
${main}
</main>
<footer class="wide">Times are UTC<span class="localtime" hidden>, yours below the pointer and in brackets</span>. Read-only: nothing here starts or changes a run.</footer>
</body>
</html>
`;
}
