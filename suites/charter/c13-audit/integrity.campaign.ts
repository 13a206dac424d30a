// What must never happen to the audit trail: secrets get in, or events get out.
import { randomUUID } from 'node:crypto';
import { type CaseContext, campaign, expect } from 'charter-runner';
import { configured } from '../configured.ts';
import { configuredIdentity } from '../edge-identity.ts';
import { arrived, askMarked, eventsWith, failLogin } from './caused.ts';
import { idOf } from './event.ts';
import { leaksIn, signatureOf } from './secrets.ts';

const needs = ['routes.cockpitBackend.audit', 'identity.client'];

campaign('C-13', 'Audit trail', { targets: ['keycloak', 'cockpitBackend'] }, (c) => {
  c.case(
    '13.7',
    'no password and no token is in the audit trail',
    {
      targets: ['trino'],
      needs,
      cast: ['admin'],
      logins: ['analyst'],
    },
    async (context) => {
      const { cast, freshLogin, skip } = context;
      const { analyst } = cast;
      const reader = configuredIdentity(context, cast.admin);
      const failed = await failLogin(context);
      const token = await freshLogin(analyst);
      const { marker } = await askMarked(context, analyst, token, 'SELECT 1');
      const ofLogin = await arrived(context, reader, failed.username);
      const ofQuery = await arrived(context, reader, marker);
      const ofAnalyst = await eventsWith(context, reader, analyst.username);
      const leaks = leaksIn(
        [...ofLogin, ...ofQuery, ...ofAnalyst],
        [
          { what: 'the password of a failed login', text: failed.password },
          { what: `the password of ${analyst.name}`, text: analyst.password?.reveal() ?? failed.password },
          { what: `the signature of the token of ${analyst.name}`, text: signatureOf(token.accessToken) },
        ],
      );
      expect(leaks, 'secrets in audit events').toEqual([]);
      if (ofLogin.length === 0)
        skip('no event of the failed login arrived, so it could hold no password: see 13.3');
      if (ofQuery.length === 0) skip('no event of the query arrived, so it could hold no token: see 13.1');
    },
  );

  c.case(
    '13.8',
    'nobody changes or deletes an audit event',
    {
      writes: 'writes',
      needs,
      cast: ['admin'],
    },
    async (context) => {
      const { cast, skip } = context;
      const admin = configuredIdentity(context, cast.admin);
      // First where nothing can be lost: whoever may do it there may do it everywhere.
      await expectRefused(context, randomUUID());
      const { username } = await failLogin(context);
      const before = await arrived(context, admin, username);
      const event =
        before[0] ?? skip('no event of the failed login arrived, so there is none to change: see 13.3');
      const id =
        idOf(event) ?? skip('audit events have neither id nor metadata.uid by which one could be changed');
      await expectRefused(context, id);
      const after = await eventsWith(context, admin, username);
      const kept = after.some(
        (other) => idOf(other) === id && JSON.stringify(other) === JSON.stringify(event),
      );
      expect(kept, 'the event is there as it was').toBe(true);
    },
  );
});

/** By the admin, who has more rights than anybody else. */
async function expectRefused(context: CaseContext, id: string): Promise<void> {
  const { cockpitBackend, config, cast } = context;
  const route = configured(config.routes.cockpitBackend.audit, 'routes.cockpitBackend.audit');
  const admin = configuredIdentity(context, cast.admin);
  for (const [method, body] of [
    ['DELETE', undefined],
    ['PUT', {}],
  ] as const) {
    const { status } = await cockpitBackend.send(method, `${route}/${encodeURIComponent(id)}`, body, admin);
    expect(status, `status of ${method} on an audit event`).toBeOneOf([403, 404, 405]);
  }
}
