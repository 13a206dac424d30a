// Whatever is thrown, in words.
/** What anything that was thrown has to say. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
