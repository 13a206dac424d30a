// How a command shows an error it ends with: what happened, its code, what to do next; never a stack trace unless asked for.
import { CharterError, wordsOf } from '../errors/index.ts';

export function printError(error: unknown): void {
  if (error instanceof CharterError) {
    process.stderr.write(`${error.message}\n  ${error.code}: ${error.hint}\n`);
  } else {
    const message = wordsOf(error);
    process.stderr.write(`unexpected: ${message}\n  Set CHARTER_DEBUG=true for the stack trace.\n`);
  }
  if (process.env.CHARTER_DEBUG === 'true' && error instanceof Error)
    process.stderr.write(`${error.stack}\n`);
}
