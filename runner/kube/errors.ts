// A refusal or a silence of the API server as an error that nobody has to parse.
import { CharterError, type Code } from '../errors/index.ts';

/** The API server's own words: `kind: Status`. */
export interface ApiStatus {
  readonly code?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: {
    readonly retryAfterSeconds?: number;
    readonly causes?: readonly object[];
    readonly [other: string]: unknown;
  };
}

export interface KubeApiErrorOptions {
  readonly status?: number;
  readonly body?: ApiStatus;
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

/**
 * `code` is one of CHR_KUBE_CONFLICT, _ALREADY_EXISTS, _NOT_FOUND, _FORBIDDEN, _UNAUTHORIZED, _GONE, _INVALID, _TOO_MANY_REQUESTS,
 * _SERVER (5xx and what no other code says), _UNREACHABLE (no answer: refused, reset, unresolved, TLS), _TIMEOUT.
 */
export class KubeApiError extends CharterError {
  override readonly name = 'KubeApiError';
  /** HTTP status; undefined when no answer came. */
  readonly status: number | undefined;
  /** The API server's reason, e.g. `AlreadyExists`, `Expired`. */
  readonly reason: string | undefined;
  readonly body: ApiStatus | undefined;
  /** Milliseconds after which the API server wants to be asked again. */
  readonly retryAfterMs: number | undefined;

  constructor(code: Code, message: string, options: KubeApiErrorOptions = {}) {
    super(code, message, options.cause === undefined ? {} : { cause: options.cause });
    this.status = options.status;
    this.reason = options.body?.reason;
    this.body = options.body;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** `kubeError(error, 'CHR_KUBE_NOT_FOUND', …)`: is it a KubeApiError, and with one of these codes? */
export function isKubeError(error: unknown, ...codes: readonly Code[]): error is KubeApiError {
  return error instanceof KubeApiError && (codes.length === 0 || codes.includes(error.code));
}

/** The code of an answer that is no success. */
export function codeOf(status: number, reason?: string): Code {
  if (reason === 'AlreadyExists') return 'CHR_KUBE_ALREADY_EXISTS';
  if (reason === 'Expired' || reason === 'Gone') return 'CHR_KUBE_GONE';
  return byStatus[status] ?? 'CHR_KUBE_SERVER';
}

const byStatus: Readonly<Record<number, Code>> = {
  400: 'CHR_KUBE_INVALID',
  401: 'CHR_KUBE_UNAUTHORIZED',
  403: 'CHR_KUBE_FORBIDDEN',
  404: 'CHR_KUBE_NOT_FOUND',
  409: 'CHR_KUBE_CONFLICT',
  410: 'CHR_KUBE_GONE',
  422: 'CHR_KUBE_INVALID',
  429: 'CHR_KUBE_TOO_MANY_REQUESTS',
};
