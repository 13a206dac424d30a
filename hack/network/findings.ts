// What the policy engine of our kind clusters is known to get wrong. A finding stays red in its step: expectations are never tuned to
// an engine. docs/network.md tells each with the smallest manifest that shows it.

/** Steps of the catalogue that fail, by which name, and in how many cells. */
export const findings: ReadonlyMap<string, string> = new Map([
  ['deny.5', 'not-enforced (24)'],
  ['ports-egress.11', 'not-enforced (8)'],
  ['ports-egress.12', 'not-enforced (8)'],
  ['ports-egress.15', 'not-enforced (8)'],
]);

/** Steps that cannot be judged here, and no others: Pods of these clusters have IPv4 addresses only, and no prober speaks SCTP. */
export const skips: ReadonlySet<string> = new Set([
  'protocols.4',
  'protocols.5',
  'protocols.6',
  'protocols.7',
  'protocols.8',
]);

export interface Judged {
  readonly name: string;
  readonly verdict: string;
  readonly message: string;
}

/**
 * Steps that are red without being a finding, findings that are not red as they should be (somebody mended the engine), and whatever was
 * skipped that can be judged, or the reverse.
 */
export function surprises(cases: readonly Judged[], known: ReadonlyMap<string, string> = findings): string[] {
  return cases.flatMap(({ name, verdict, message }) => {
    const id = name.split(' ', 1)[0] ?? '';
    const problem = known.get(id);
    const usual = skips.has(id) ? 'skipped' : 'passed';
    if (problem === undefined) return verdict === usual ? [] : [`${id} is ${verdict}: ${firstLine(message)}`];
    if (verdict === 'failed' && firstLine(message) === problem) return [];
    return [`${id} is a finding (${problem}) and is ${verdict}: ${firstLine(message)}`];
  });
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
