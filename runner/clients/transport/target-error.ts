// The one error of this room: a target could not be reached, is another product, or broke its protocol.
import { CharterError, type Code } from '../../errors/index.ts';
import type { HttpExchange } from './exchange.ts';

export type TargetErrorKind =
  | 'connect-refused'
  | 'timeout'
  | 'reset'
  | 'unresolved'
  | 'unreachable'
  | 'no-identity'
  | 'bad-answer';

export interface TargetErrorOptions {
  readonly target: string;
  readonly url: string;
  readonly expected?: string;
  /** What was seen instead. Must hold no row value. */
  readonly got?: string;
  readonly http?: HttpExchange;
  /** Milliseconds between the start of the request and the failure. */
  readonly waitedMs: number;
  readonly cause?: unknown;
  readonly hint?: string;
}

const codeOf: Record<TargetErrorKind, Code> = {
  'connect-refused': 'CHR_TARGET_UNREACHABLE',
  timeout: 'CHR_TARGET_UNREACHABLE',
  reset: 'CHR_TARGET_UNREACHABLE',
  unresolved: 'CHR_TARGET_UNREACHABLE',
  unreachable: 'CHR_TARGET_UNREACHABLE',
  'no-identity': 'CHR_TARGET_NO_IDENTITY',
  'bad-answer': 'CHR_TARGET_ANSWER',
};

export class TargetError extends CharterError {
  override readonly name: string = 'TargetError';
  readonly kind: TargetErrorKind;
  readonly target: string;
  readonly url: string;
  readonly waitedMs: number;
  // Declared only: an absent fact shall be absent, not an own property that is undefined.
  declare readonly http?: HttpExchange;
  declare readonly expected?: string;
  declare readonly got?: string;

  /** The message reads `connect-refused http://akko-akko-trino:8080/v1/info: <got>`. */
  constructor(kind: TargetErrorKind, options: TargetErrorOptions) {
    const { hint, cause } = options;
    super(codeOf[kind], `${kind} ${options.url}${options.got === undefined ? '' : `: ${options.got}`}`, {
      ...(hint === undefined ? {} : { hint }),
      ...(cause === undefined ? {} : { cause }),
    });
    this.kind = kind;
    this.target = options.target;
    this.url = options.url;
    this.waitedMs = options.waitedMs;
    if (options.http !== undefined) this.http = options.http;
    if (options.expected !== undefined) this.expected = options.expected;
    if (options.got !== undefined) this.got = options.got;
  }
}
