// A problem in the form that was asked for: a page for a reader, and for programs and other pages what they can take.
import { textAsked } from './asked.ts';
import { type Asked, retryHeaders, showProblem } from './context.ts';
import type { Problem } from './pages/problem.ts';
import { widgetProblem } from './pages/widget.ts';
import { briefly } from './problem-of.ts';
import { badge, badgeType } from './svg/badge.ts';

export async function tellProblem(asked: Asked, problem: Problem): Promise<Response> {
  const { path } = asked.req;
  if (path.startsWith('/api/'))
    return asked.json({ error: briefly(problem) }, problem.status, retryHeaders(problem));
  if (path === '/widget/fragment')
    return asked.html(await widgetProblem(problem), problem.status, retryHeaders(problem));
  if (path === '/badge.svg' && problem.status >= 500) return unknownBadge(asked);
  return showProblem(asked, problem);
}

/** 200: proxies of images show nothing else, and a broken image says less than a grey one. */
function unknownBadge(asked: Asked): Response {
  const environment = textAsked((name) => asked.req.query(name), 'environment');
  return asked.body(badge(environment, 'unknown', 'notrun'), 200, badgeType);
}
