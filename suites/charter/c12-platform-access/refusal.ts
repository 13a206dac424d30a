// What a refusal must not be: unreadable to a client, or a look inside for a stranger. Nothing found is quoted.
import type { HttpResult } from 'charter-runner';

/** One line per thing that is wrong; none for a JSON refusal that gives nothing away. `sent` holds secrets of the request. */
export function problemsOf(
  { headers, text }: Pick<HttpResult, 'headers' | 'text'>,
  sent: readonly string[],
): string[] {
  return [
    ...(isJson(String(headers['content-type'] ?? ''), text) ? [] : ['not JSON']),
    ...(traces.some((trace) => trace.test(text)) ? ['shows a stack trace'] : []),
    ...(sent.some((secret) => text.includes(secret)) ? ['repeats the token it was sent'] : []),
    ...(values.some((value) => value.test(text)) ? ['holds a token or key'] : []),
    ...secretFields(text).map((name) => `has the field ${name}`),
  ];
}

/** Python, Java and JavaScript, in the open or escaped inside JSON. */
const traces = [
  /Traceback \(most recent call last\)/,
  /File \\?"[^"]+\\?", line \d+/,
  /\bat [\w$.<>]+\s?\([^)]*:\d+(:\d+)?\)/,
  /\bat (?:async )?(?:file:\/\/|node:|\/)\S+:\d+:\d+/,
];

/** A JWT, and a key in PEM. */
const values = [/\beyJ[\w-]{8,}\.[\w-]{8,}\./, /-----BEGIN [A-Z ]*PRIVATE KEY/];

const secretName = /secret|passw(or)?d|authorization|api[-_]?key|private[-_]?key|credential|cookie/i;

function secretFields(text: string): string[] {
  const found: string[] = [];
  const look = (value: unknown) => {
    if (typeof value !== 'object' || value === null) return;
    for (const [name, inner] of Object.entries(value)) {
      if (secretName.test(name) && (typeof inner === 'number' || (typeof inner === 'string' && inner !== '')))
        found.push(name);
      look(inner);
    }
  };
  look(parsed(text));
  return found;
}

function isJson(contentType: string, text: string): boolean {
  return /\bjson\b/i.test(contentType) && parsed(text) !== undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
