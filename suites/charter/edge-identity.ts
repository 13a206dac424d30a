// Who calls, as the platform's edge would tell its services: taken from the persona's token, so nothing is made up.
import { type CaseContext, decodeToken, type EdgeIdentity, type Persona } from 'charter-runner';

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

/** Roles, teams and projects in the `groups` claim, each once; realm roles where the client has no group mapper. */
export function groupsOf(payload: Readonly<Record<string, unknown>>): string[] {
  const roles = (payload.realm_access as { roles?: unknown } | undefined)?.roles;
  const claimed = [payload.groups, roles].find(Array.isArray) ?? [];
  return [...new Set(claimed.map(String))];
}
