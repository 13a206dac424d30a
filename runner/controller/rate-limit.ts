// A bucket of tokens: `burst` at once, `perSecond` in the long run.
import type { RateLimit } from './types.ts';

export interface TokenBucket {
  /** Takes a token if there is one. */
  readonly take: (nowMs: number) => boolean;
  /** Milliseconds until the next token; 0 when there is one. */
  readonly waitMs: (nowMs: number) => number;
}

export function tokenBucket({ perSecond, burst }: RateLimit): TokenBucket {
  let tokens = burst;
  let atMs: number | undefined;
  const fill = (nowMs: number) => {
    tokens = Math.min(burst, tokens + (Math.max(0, nowMs - (atMs ?? nowMs)) * perSecond) / 1_000);
    atMs = nowMs;
  };
  return {
    take: (nowMs) => {
      fill(nowMs);
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
    waitMs: (nowMs) => {
      fill(nowMs);
      return tokens >= 1 ? 0 : Math.ceil(((1 - tokens) * 1_000) / perSecond);
    },
  };
}
