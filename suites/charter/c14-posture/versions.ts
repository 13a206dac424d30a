// What each target says it is: the version it publishes to a caller without rights, where it publishes one.
import type { CaseContext, HttpResult, TargetName } from 'charter-runner';

export interface Said {
  readonly status: number;
  /** {@link unpublished} where the product never tells; undefined where it does, but not here. */
  readonly version: string | undefined;
}

export const unpublished = 'not published';

type Ask = (clients: CaseContext) => Promise<Said>;

/** Keycloak tells its version to nobody but its admins. */
export const askVersion: Readonly<Record<TargetName, Ask>> = {
  keycloak: async () => ({ status: 200, version: unpublished }),
  opa: async ({ opa }) => {
    const page = await opa.indexPage();
    return { status: page.status, version: /^Version:\s*(\S+)/m.exec(page.text)?.[1] };
  },
  trino: async ({ trino }) =>
    said(await trino.info(), (body) => (body.nodeVersion as { version?: unknown } | undefined)?.version),
  policySync: async ({ policySync }) => said(await policySync.health(), (body) => body.version),
  cockpitBackend: async ({ cockpitBackend }) => said(await cockpitBackend.health(), (body) => body.version),
};

/** `latest` and `dev` as words of their own: `1.22.0-dev` is one, `devhub-1.0` is not. */
export function isRelease(version: string): boolean {
  return !/(^|[^a-z])(latest|dev|snapshot)([^a-z]|$)/i.test(version);
}

function said(answer: HttpResult, read: (body: Record<string, unknown>) => unknown): Said {
  const version = read(answer.json() as Record<string, unknown>);
  return {
    status: answer.status,
    version: typeof version === 'string' && version !== '' ? version : undefined,
  };
}
