// Asking the policy engine about a persona in the shape of the query engine's plugin, and collecting what differs.
import { actionInput, type CaseContext, type OpaIdentity, type OpaResource } from 'charter-runner';

export interface Question {
  readonly operation: string;
  readonly resource?: OpaResource;
  /** How a report names the resource. */
  readonly about: string;
  readonly expected: 'allowed' | 'denied';
}

/** One line per answer that is not the expected one. */
export async function differences(
  { opa }: Pick<CaseContext, 'opa'>,
  identity: OpaIdentity,
  questions: readonly Question[],
): Promise<string[]> {
  const found: string[] = [];
  for (const { operation, resource, about, expected } of questions) {
    const { allowed } = await opa.allow(actionInput(identity, operation, resource));
    const got = allowed ? 'allowed' : 'denied';
    if (got !== expected) found.push(`${operation} ${about}: expected ${expected}, got ${got}`);
  }
  return found;
}

/** Input that the plugin would never send, for hostile callers. */
export function queryBy(identity: unknown): unknown {
  return {
    context: { identity, softwareStack: { trinoVersion: '476' } },
    action: { operation: 'ExecuteQuery' },
  };
}
