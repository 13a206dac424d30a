// Headers of every answer. Nothing inline, nothing from elsewhere: a hostile case name that slipped through would still do nothing.
import type { MiddlewareHandler } from 'hono';
import { assets, lastingStylePath } from '../assets.ts';

/** `embedders`: origins that may show the widget in a frame and fetch it, e.g. `https://cockpit.example.com`. */
export function securityHeaders(embedders: readonly string[]): MiddlewareHandler {
  return async (context, next) => {
    await next();
    const { headers } = context.res;
    const isWidget = widgetPaths.has(context.req.path);
    headers.set('Content-Security-Policy', policy(isWidget ? ["'self'", ...embedders] : ["'none'"]));
    headers.set('X-Content-Type-Options', 'nosniff');
    headers.set('Referrer-Policy', 'no-referrer');
    headers.set('Cross-Origin-Opener-Policy', 'same-origin');
    const isShared = isWidget || stylePaths.has(context.req.path);
    headers.set('Cross-Origin-Resource-Policy', isShared ? 'cross-origin' : 'same-origin');
    headers.set('Permissions-Policy', 'camera=(), geolocation=(), microphone=()');
    if (!isWidget) headers.set('X-Frame-Options', 'DENY');
    if (!headers.has('Cache-Control')) headers.set('Cache-Control', 'no-store');
    const origin = context.req.header('Origin');
    if (isWidget && origin !== undefined && embedders.includes(origin)) {
      headers.set('Access-Control-Allow-Origin', origin);
      // With the cookie of the sign-in proxy: without it nobody behind one could fetch anything.
      headers.set('Access-Control-Allow-Credentials', 'true');
      headers.append('Vary', 'Origin');
    }
  };
}

/** What other pages may embed. */
const widgetPaths: ReadonlySet<string> = new Set([
  '/widget',
  '/widget/fragment',
  '/badge.svg',
  '/api/last-run',
]);

/** The fragment looks as it should on a page of another origin only with it, and it says nothing about anybody. */
const stylePaths: ReadonlySet<string> = new Set([assets.style.path, lastingStylePath]);

function policy(ancestors: readonly string[]): string {
  return [
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    `frame-ancestors ${ancestors.join(' ')}`,
  ].join('; ');
}
