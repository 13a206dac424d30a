// Tells a token that does not hold (a broken promise) from keys that could not be fetched (a check that could not check).
import type { CaseContext, Token } from 'charter-runner';

export type TokenCheck =
  | { readonly holds: true; readonly claims: Readonly<Record<string, unknown>> }
  | { readonly holds: false; readonly why: string };

/** Signature against the realm's keys, and times; `why` is the code of the verifier, which quotes nothing of the token. */
export async function checkToken(
  keycloak: CaseContext['keycloak'],
  { accessToken }: Token,
): Promise<TokenCheck> {
  try {
    const { payload } = await keycloak.verify(accessToken);
    return { holds: true, claims: payload };
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (typeof code === 'string' && /^ERR_J/.test(code)) return { holds: false, why: code };
    throw error;
  }
}

/** Status of the login: a refusal is an answer to look at; a Keycloak that does not answer stays the error it is. */
export async function loginStatus(login: Promise<Token>): Promise<number> {
  try {
    await login;
    return 200;
  } catch (error) {
    const status = (error as { http?: { status?: number } }).http?.status;
    if (status !== undefined && status >= 400 && status < 500) return status;
    throw error;
  }
}

/** All that the token says the persona belongs to, in whichever claim. */
export function rolesIn(claims: Readonly<Record<string, unknown>>): {
  readonly groups: string[];
  readonly roles: string[];
} {
  const { roles } = (claims.realm_access ?? {}) as { roles?: unknown };
  return { groups: textsOf(claims.groups), roles: textsOf(roles) };
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
