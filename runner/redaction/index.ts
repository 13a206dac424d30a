// Redaction: no password, token or cookie reaches an output, in any form it may be written in.
export { redactEvent } from './event.ts';
export { RedactedOutput } from './output.ts';
export { Redactor } from './redactor.ts';
export { RedactingStream } from './stream.ts';
