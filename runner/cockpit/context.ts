// What every route has at hand: the store, a clock, and the frame that makes a page of what a route shows.
import type { Context, Env } from 'hono';
import type { CockpitReads } from '../store/index.ts';
import { document, type Frame } from './html/document.ts';
import type { Piece } from './html/markup.ts';
import type { LiveRuns } from './live-runs.ts';
import { type Problem, problemPage } from './pages/problem.ts';
import type { KnownQuarantine } from './pages/quarantine.ts';

export interface Cockpit {
  readonly reads: CockpitReads;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly live: LiveRuns;
  /** As its file says now. */
  readonly quarantine: () => KnownQuarantine;
  /** Where the cockpit is reached from outside, for links in the widget; `''` where it is not known. */
  readonly publicUrl: string;
}

export interface CockpitEnv extends Env {
  readonly Variables: { user?: string };
}

export type Asked = Context<CockpitEnv>;

export async function show(asked: Asked, frame: Omit<Frame, 'user'>, main: Piece): Promise<Response> {
  return asked.html(await document({ ...frame, user: asked.get('user') }, main));
}

export async function showProblem(asked: Asked, problem: Problem): Promise<Response> {
  const frame = { title: problem.title, ...(problem.status === 503 ? { refreshSeconds: 10 } : {}) };
  return asked.html(
    await document({ ...frame, user: asked.get('user') }, problemPage(problem)),
    problem.status,
    retryHeaders(problem),
  );
}

/** 503: another try may find what it was about. */
export const retryHeaders = ({ status }: Problem): Record<string, string> =>
  status === 503 ? { 'Retry-After': '10' } : {};
