// The one base class of errors a user may see: a stable code, what happened, and what to do next.
import { type Code, codes } from './codes.ts';

export interface CharterErrorOptions {
  readonly hint?: string;
  readonly cause?: unknown;
}

export class CharterError extends Error {
  override readonly name: string = 'CharterError';
  readonly code: Code;
  readonly hint: string;

  constructor(code: Code, message: string, options: CharterErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint ?? codes[code].hint;
  }
}
