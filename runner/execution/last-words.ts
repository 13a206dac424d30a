// What a process that died has to say for itself, of all it wrote to stderr: Node prints the place and the source line first.

/** The line that names the error; else the first line; '' when there is none. */
export function lastWords(errors: string): string {
  const lines = errors.split('\n').map((line) => line.trim());
  return (
    lines.find((line) => /^(?:Uncaught )?\w*(?:Error|Exception)\b/.test(line)) ??
    lines.find((line) => line !== '') ??
    ''
  );
}
