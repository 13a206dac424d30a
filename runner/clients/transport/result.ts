// A whole HTTP answer in memory, with the exchange that a report may show.
import type { HttpExchange } from './exchange.ts';
import { TargetError } from './target-error.ts';

export type ResponseHeaders = Record<string, string | string[]>;

export interface HttpResult {
  readonly status: number;
  /** Lower-case names; an array where the header came more than once. */
  readonly headers: ResponseHeaders;
  readonly text: string;
  readonly exchange: HttpExchange;
  /** The parsed body. Throws TargetError bad-answer when it is not JSON. */
  json(): unknown;
}

export interface ResultParts {
  readonly target: string;
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly text: string;
  readonly exchange: HttpExchange;
}

export function httpResult(parts: ResultParts): HttpResult {
  let parsed: { readonly value: unknown } | undefined;
  return {
    status: parts.status,
    headers: parts.headers,
    text: parts.text,
    exchange: parts.exchange,
    json() {
      parsed ??= { value: parse(parts) };
      return parsed.value;
    },
  };
}

function parse(parts: ResultParts): unknown {
  try {
    return JSON.parse(parts.text);
  } catch {
    // The SyntaxError is not kept as cause: its message quotes the body, and bodies may hold row values.
    throw badAnswer(
      parts,
      'a JSON body',
      `${parts.status} with ${Buffer.byteLength(parts.text)} bytes that are not JSON`,
    );
  }
}

/** A TargetError bad-answer about an answer that did arrive. */
export function badAnswer(
  answer: { readonly target: string; readonly exchange: HttpExchange },
  expected: string,
  got: string,
): TargetError {
  const { exchange } = answer;
  return new TargetError('bad-answer', {
    target: answer.target,
    url: exchange.url,
    expected,
    got,
    http: exchange,
    waitedMs: exchange.timings.total,
  });
}
