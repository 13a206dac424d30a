// A body of the cockpit backend as reports may show it: without audit events, because they hold queries of real people,
// and queries hold values.
import { isObject } from './json.ts';

export function describeCockpitBody(text: string): string {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    // What begins as JSON may be a cut list of events; a page of HTML is what a report should show.
    return /^\s*[[{]/.test(text) ? `<${Buffer.byteLength(text)} bytes withheld: cut JSON>` : text;
  }
  if (Array.isArray(body)) return `<a list of ${body.length} withheld>`;
  if (!isObject(body) || !Array.isArray(body.events)) return text;
  return JSON.stringify({ ...body, events: `<${body.events.length} events withheld>` });
}
