// Names what a failed socket meant. Pure: the codes of Node and undici on one side, the kinds of a report on the other.
import type { TargetErrorKind } from './target-error.ts';

export interface SocketFailure {
  readonly kind: TargetErrorKind;
  /** Short text of what was seen: the system's code where there is one. */
  readonly seen: string;
}

const kinds: Readonly<Record<string, TargetErrorKind>> = {
  ECONNREFUSED: 'connect-refused',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  EPIPE: 'reset',
  UND_ERR_SOCKET: 'reset',
  ENOTFOUND: 'unresolved',
  EAI_AGAIN: 'unresolved',
  EAI_NODATA: 'unresolved',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'bad-answer',
  UND_ERR_HEADERS_OVERFLOW: 'bad-answer',
};

/** Undefined: not a failure of the target but of the caller (a bad header, a closed client); throw it as it is. */
export function socketFailure(error: unknown): SocketFailure | undefined {
  if (!(error instanceof Error)) return undefined;
  // undici gives this error a code only where its parser does.
  if (error.name === 'HTTPParserError') return { kind: 'bad-answer', seen: `not HTTP (${error.message})` };
  const code = codeOf(error);
  if (code === undefined) return undefined;
  const kind = kinds[code] ?? protocolKind(code);
  if (kind === undefined) return undefined;
  return { kind, seen: code === 'UND_ERR_SOCKET' ? error.message : code };
}

function protocolKind(code: string): TargetErrorKind | undefined {
  // HPE_*: what came back is not HTTP. ERR_SSL_*, ERR_TLS_* and certificate codes: the TLS side of the target is wrong.
  if (/^(HPE_|ERR_SSL_|ERR_TLS_|CERT_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_)/.test(code)) return 'bad-answer';
  return undefined;
}

/** Node joins the failures of several addresses of one name; the first with a known code speaks for all. */
function codeOf(error: Error): string | undefined {
  if (error instanceof AggregateError) {
    const known = error.errors.find((each: unknown) => each instanceof Error && codeOf(each) !== undefined);
    if (known instanceof Error) return codeOf(known);
  }
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  if (typeof code === 'string' && (code !== 'UND_ERR_SOCKET' || !(cause instanceof Error))) return code;
  if (cause instanceof Error) return codeOf(cause) ?? (typeof code === 'string' ? code : undefined);
  return undefined;
}
