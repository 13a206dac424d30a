// What a reader needs to find the cause without running again, in the order they ask for it: what was expected, what was
// got, how long was waited, what was seen last, the HTTP exchange, how to repeat it, where it stands.
import type { Failure, HttpExchange, PlannedCase } from '../journal/index.ts';

const bodyLimit = 2048;

export function failureText(failure: Failure, planned: PlannedCase): string {
  return [
    sentence(failure),
    ...evidence(failure),
    `reproduce: ${reproduce(planned)}`,
    ...place(planned),
    ...(failure.stack === undefined ? [] : ['', failure.stack]),
  ].join('\n');
}

/** The kind says what an error is; a message that says it already, or an assertion, needs no prefix. */
export function sentence({ kind, message }: Failure): string {
  return kind === 'assertion' || message.startsWith(kind) ? message : `${kind}: ${message}`;
}

/** Everything but the message, the place and the command. Lines may be long; the caller wraps or not. */
export function evidence(failure: Failure): string[] {
  const { expected, got, waitedMs, observations, http } = failure;
  return [
    ...labelled('expected', expected),
    ...labelled('got', got),
    ...(waitedMs === undefined ? [] : [`waited:   ${duration(waitedMs)}`]),
    ...(observations === undefined || observations.length === 0
      ? []
      : ['last observations:', ...observations.slice(-3).map((line) => `  - ${line}`)]),
    ...(http === undefined ? [] : httpLines(http)),
  ];
}

function labelled(label: string, value: string | undefined): string[] {
  if (value === undefined) return [];
  const [first = '', ...rest] = value.split('\n');
  return [`${`${label}:`.padEnd(9)} ${first}`, ...rest.map((line) => `          ${line}`)];
}

export function httpLines(http: HttpExchange): string[] {
  const { method, url, status, body, timings, attempts } = http;
  const phases = [
    ['dns', timings.dns],
    ['connect', timings.connect],
    ['first byte', timings.ttfb],
    ['total', timings.total],
  ] as const;
  const times = phases.flatMap(([name, value]) =>
    value === undefined ? [] : [`${name} ${duration(value)}`],
  );
  return [
    `${method} ${url}`,
    `  status: ${status ?? 'no answer'}`,
    `  timings: ${times.join(', ')}`,
    ...(attempts ?? []).map((line, index) => `  try ${index + 1}: ${line}`),
    ...(body === undefined || body === '' ? [] : ['  body:', ...cutBody(body).map((line) => `    ${line}`)]),
  ];
}

function cutBody(body: string): string[] {
  const bytes = Buffer.from(body);
  if (bytes.length <= bodyLimit) return body.split('\n');
  // A character that the cut halves would show as U+FFFD.
  const kept = bytes
    .subarray(0, bodyLimit)
    .toString()
    .replace(/\ufffd+$/, '');
  return [...kept.split('\n'), `[cut: ${bytes.length} bytes in all]`];
}

/** `charter run` narrowed to the one case. */
export function reproduce({ id, campaign, persona }: PlannedCase): string {
  return [
    'charter run',
    `--campaign ${argument(campaign)}`,
    `--case ${argument(id)}`,
    ...(persona === undefined ? [] : [`--persona ${argument(persona)}`]),
  ].join(' ');
}

/** Readers paste the command into a shell, and names come from files that others may have written. */
function argument(text: string): string {
  return /^[\w.:@/-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

export function place({ file, line }: PlannedCase): string[] {
  if (file === '') return [];
  return [`at: ${file}${line === undefined ? '' : `:${line}`}`];
}

export function duration(milliseconds: number): string {
  if (milliseconds < 1) return '<1 ms';
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  const whole = Math.round(milliseconds / 1000);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
