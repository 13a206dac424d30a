// The headers by which the platform's edge tells its services who calls. The runner may send them: it is a trusted client.
import type { HeaderPairs } from './transport/http.ts';

export interface EdgeIdentity {
  readonly email: string;
  readonly groups: readonly string[];
  /** User name; left out, only email and groups are sent, which is what every service understands. */
  readonly user?: string;
}

export function identityHeaders(identity: EdgeIdentity | undefined): HeaderPairs {
  if (identity === undefined) return [];
  const { email, groups, user } = identity;
  return [
    ['X-Auth-Request-Email', email],
    ['X-Auth-Request-Groups', groups.join(',')],
    ...(user === undefined
      ? []
      : ([
          ['X-Auth-Request-User', user],
          ['X-Auth-Request-Preferred-Username', user],
        ] as const)),
  ];
}
