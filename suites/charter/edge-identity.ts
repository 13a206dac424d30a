// Who calls, as the platform's edge would tell its services: from the persona's token, or from charter.yaml where nobody
// logs in.
import { type CaseContext, decodeToken, type EdgeIdentity, type Persona } from 'charter-runner';

/** What the token says, so nothing is made up. */
export async function edgeIdentityOf(
  { login }: Pick<CaseContext, 'login'>,
  persona: Persona,
): Promise<EdgeIdentity> {
  const { payload } = decodeToken((await login(persona)).accessToken);
  const { email } = payload;
  if (typeof email !== 'string' || email === '')
    throw new TypeError(`the token of ${persona.name} has no email, by which the edge names its user`);
  return { email, groups: groupsOf(payload) };
}

/** What charter.yaml says; a persona without an e-mail skips the case. */
export function configuredIdentity(
  { skip }: Pick<CaseContext, 'skip'>,
  { name, email, roles, groups }: Persona,
): EdgeIdentity {
  return {
    email: email ?? skip(`personas[].email is not configured for ${name}`),
    groups: [...roles, ...groups],
  };
}

/** Roles, teams and projects in the `groups` claim, each once; realm roles where the client has no group mapper. */
export function groupsOf(payload: Readonly<Record<string, unknown>>): string[] {
  const roles = (payload.realm_access as { roles?: unknown } | undefined)?.roles;
  const claimed = [payload.groups, roles].find(Array.isArray) ?? [];
  return [...new Set(claimed.map(String))];
}
