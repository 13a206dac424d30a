// Asks one authenticated route of each target as a script on a foreign web page would.
import {
  actionInput,
  type CaseContext,
  type HttpResult,
  identityHeaders,
  type Persona,
  type TargetName,
} from 'charter-runner';
import { configured } from '../configured.ts';
import { edgeIdentityOf } from '../edge-identity.ts';
import { opaIdentity } from '../query-as.ts';

/** Reserved: nobody can own it, so nobody can have allowed it on purpose. */
export const foreignOrigin = 'https://charter.invalid';

type Ask = (context: CaseContext, caller: Persona) => Promise<HttpResult>;
const origin = ['Origin', foreignOrigin] as const;

export const askFromElsewhere: Readonly<Record<TargetName, Ask>> = {
  keycloak: async ({ keycloak, login }, caller) =>
    keycloak.userinfo((await login(caller)).accessToken, [origin]),
  opa: ({ opa, config }, caller) => {
    const input = actionInput(opaIdentity(caller), 'ExecuteQuery');
    return opa.rawPost(config.routes.opa.allow, JSON.stringify({ input }), [origin]);
  },
  // An empty statement is refused after the caller is known, and starts no query.
  trino: async ({ trino, login }, caller) =>
    trino.http.request({
      method: 'POST',
      path: '/v1/statement',
      headers: [
        ['X-Trino-User', caller.username],
        ['Authorization', `Bearer ${(await login(caller)).accessToken}`],
        origin,
      ],
      body: '',
    }),
  // GET starts no sync.
  policySync: ({ policySync, config }) =>
    policySync.http.request({ path: config.routes.policySync.sync, headers: [origin] }),
  cockpitBackend: async (context, caller) => {
    const me = configured(context.config.routes.cockpitBackend.me, 'routes.cockpitBackend.me');
    const identity = identityHeaders(await edgeIdentityOf(context, caller));
    return context.cockpitBackend.raw('GET', me, [...identity, origin]);
  },
};
