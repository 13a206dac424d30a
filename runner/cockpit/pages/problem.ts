// Pages for what went wrong: they say what happened and what to do, and never show what is none of the reader's business.
import { type Html, html } from '../html/markup.ts';

export interface Problem {
  readonly status: 400 | 401 | 403 | 404 | 405 | 500 | 503;
  readonly title: string;
  readonly words: string;
}

export const problems = {
  notFound: {
    status: 404,
    title: 'There is no such page',
    words: 'The run may have been removed by retention, or the address is not complete.',
  },
  method: { status: 405, title: 'This page can only be read', words: 'The cockpit takes GET and HEAD.' },
  badRequest: {
    status: 400,
    title: 'The address is not understood',
    words: 'Remove what stands after the question mark and try again.',
  },
  database: {
    status: 503,
    title: 'The database does not answer',
    words:
      'Runs are safe: their journals and reports are on disk, and what is missing is sent later by `charter store push`. This page loads again by itself every 10 seconds.',
  },
  refused: {
    status: 503,
    title: 'The database refuses the login of the cockpit',
    words:
      'It answers, and does not take the user or the password, or has no database of that name. A password that is changed in the mounted Secret is taken within about a minute, and this page with it; another user, host or database needs a restart of the cockpit. Its log says what the server said. Runs are safe.',
  },
  unprepared: {
    status: 500,
    title: 'The database is not set up for this cockpit',
    words:
      'It answers, but its tables are not those of this version, or the login of the cockpit may not read them: `charter store migrate` as the owner, and a login in the role `charter_cockpit`, mend that. The log of the cockpit says which. Runs are safe.',
  },
  stranger: {
    status: 403,
    title: 'Not from here',
    words: 'This cockpit is read through its sign-in proxy only.',
  },
  unsigned: { status: 401, title: 'Nobody is signed in', words: 'The proxy did not say who you are.' },
  unexpected: {
    status: 500,
    title: 'Something unexpected happened',
    words: 'The log of the cockpit says what. Nothing that runs is hurt by this.',
  },
} as const satisfies Record<string, Problem>;

export function problemPage({ title, words, status }: Problem): Html {
  return html`<section class="card empty"><h1>${title}</h1><p>${words}</p><p class="quiet">${status}</p><p><a href="/">Overview</a></p></section>`;
}
