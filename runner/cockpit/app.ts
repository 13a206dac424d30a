// The cockpit as one function from request to answer: it can be tested without a socket.
import { Hono } from 'hono';
import { etag } from 'hono/etag';
import { type CockpitReads, noQuarantine, type Quarantine } from '../store/index.ts';
import type { Cockpit, CockpitEnv } from './context.ts';
import { liveRuns } from './live-runs.ts';
import { problems } from './pages/problem.ts';
import { problemOf } from './problem-of.ts';
import { elsewhereRoutes } from './routes/elsewhere.ts';
import { listRoutes } from './routes/lists.ts';
import { overviewRoutes } from './routes/overview.ts';
import { runRoutes } from './routes/run.ts';
import { securityHeaders } from './security/headers.ts';
import { callerOf, type ProxyTrust } from './security/identity.ts';
import { tellProblem } from './tell-problem.ts';

export interface CockpitOptions {
  readonly reads: CockpitReads;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Only who comes through this proxy, signed in, may read. Absent: whoever reaches the port. */
  readonly proxy?: ProxyTrust | undefined;
  /** Origins that may embed the widget. */
  readonly embedders?: readonly string[];
  readonly publicUrl?: string;
  /** Looked up anew for each page: entries expire while the cockpit runs. Throws where its file is not right. */
  readonly quarantine?: () => Quarantine;
  /** The address that a request came from, as the server knows it. */
  readonly addressOf?: (env: unknown) => string | undefined;
  /** Told of every unexpected error, for the log. */
  readonly onError?: (error: unknown) => void;
}

export interface CockpitApp {
  readonly app: Hono<CockpitEnv>;
  readonly close: () => void;
}

/** Probes and Prometheus come from inside the cluster, not through the proxy; they learn counts and no names of cases. */
const openPaths: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics']);

const mostReaders = 100;

export function createCockpit(options: CockpitOptions): CockpitApp {
  const { reads, now, proxy, embedders = [], publicUrl = '', addressOf = () => undefined } = options;
  const quarantine = () => {
    try {
      return options.quarantine?.() ?? noQuarantine;
    } catch (error) {
      options.onError?.(error);
      return 'unreadable';
    }
  };
  const live = liveRuns({ read: reads.run, everyMs: 1_000, mostReaders, repeat: interval });
  const cockpit: Cockpit = { reads, now, live, publicUrl, quarantine };
  const who = callerOf(proxy);
  const app = new Hono<CockpitEnv>();

  app.use(securityHeaders(embedders));
  app.use(async (asked, next) => {
    if (asked.req.method !== 'GET' && asked.req.method !== 'HEAD') {
      asked.header('Allow', 'GET, HEAD');
      return tellProblem(asked, problems.method);
    }
    // Text in Postgres holds no NUL, and no honest address does.
    if (asked.req.url.includes('%00')) return tellProblem(asked, problems.badRequest);
    const caller = who(addressOf(asked.env), (name) => asked.req.header(name));
    if (caller.kind === 'stranger' && !openPaths.has(asked.req.path))
      return tellProblem(asked, caller.why === 'not the proxy' ? problems.stranger : problems.unsigned);
    if (caller.kind === 'user') asked.set('user', caller.name);
    return next();
  });
  app.use('/assets/*', etag());
  overviewRoutes(app, cockpit);
  runRoutes(app, cockpit);
  listRoutes(app, cockpit);
  elsewhereRoutes(app, cockpit);
  app.notFound((asked) => tellProblem(asked, problems.notFound));
  app.onError((error, asked) => {
    options.onError?.(error);
    return tellProblem(asked, problemOf(error));
  });
  return { app, close: live.close };
}

function interval(act: () => void, everyMs: number): { readonly stop: () => void } {
  const timer = setInterval(act, everyMs);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
