// The audit trail itself: failed logins are in it, those read it who may, and its events are made as OCSF says.
import { type CaseContext, campaign, expect } from 'charter-runner';
import { auditEvents } from '../audit-feed.ts';
import { configured } from '../configured.ts';
import { configuredIdentity } from '../edge-identity.ts';
import { arrived, askMarked, eventsWith, failLogin, newMarker } from './caused.ts';
import { outcomeOf, problemsOf } from './event.ts';

/** Clock drift between the Pods of one cluster. */
const driftMs = 30_000;
const needs = ['routes.cockpitBackend.audit'];

campaign('C-13', 'Audit trail', { targets: ['cockpitBackend'] }, (c) => {
  c.case(
    '13.3',
    'a failed login is in the audit trail, under the name that was tried',
    { targets: ['keycloak'], needs: [...needs, 'identity.client'], cast: ['admin'] },
    async (context) => {
      const { cast, config, eventually } = context;
      const reader = configuredIdentity(context, cast.admin);
      const { username } = await failLogin(context);
      await eventually(config.budgets.auditMs, async () => {
        const events = await eventsWith(context, reader, username);
        expect(events.length, 'audit events with the name that was tried').toBeGreaterThan(0);
        expect(events.map(outcomeOf), 'outcomes in these events').toContain('failure');
      });
    },
  );

  c.case(
    '13.4',
    'who has no part in governance does not read the audit trail',
    { needs, personas: ['analyst', 'viewer'] },
    async (context) => {
      const { cockpitBackend, persona } = context;
      const { status } = await cockpitBackend.get(searchRoute(context), configuredIdentity(context, persona));
      expect(status, `status of the audit trail for ${persona.name}`).toBe(403);
    },
  );

  c.case('13.5', 'the steward reads the audit trail', { needs, personas: ['steward'] }, async (context) => {
    await auditEvents(context, configuredIdentity(context, context.persona), newMarker());
  });

  c.case(
    '13.6',
    'an audit event has the fields of OCSF, and the time at which it happened',
    {
      targets: ['keycloak', 'trino'],
      needs: [...needs, 'identity.client'],
      cast: ['admin'],
      logins: ['analyst'],
    },
    async (context) => {
      const { cast, login, skip } = context;
      const reader = configuredIdentity(context, cast.admin);
      const from = Date.now() - driftMs;
      const { username } = await failLogin(context);
      const { marker } = await askMarked(context, cast.analyst, await login(cast.analyst), 'SELECT 1');
      const events = {
        login: await arrived(context, reader, username),
        query: await arrived(context, reader, marker),
      };
      const window = { from, to: Date.now() + driftMs };
      const problems = Object.entries(events).flatMap(([kind, list]) =>
        list.flatMap((event) => problemsOf(event, window).map((problem) => `${kind}: ${problem}`)),
      );
      expect(problems, 'problems of audit events').toEqual([]);
      if (events.login.length === 0)
        skip('no event of the failed login arrived, so its fields were not seen: see 13.3');
      if (events.query.length === 0)
        skip('no event of the query arrived, so its fields were not seen: see 13.1');
    },
  );
});

/** A search that finds nothing, so that a trail that is open shows nothing. */
function searchRoute({ config }: Pick<CaseContext, 'config'>): string {
  const route = configured(config.routes.cockpitBackend.audit, 'routes.cockpitBackend.audit');
  return `${route}?${new URLSearchParams({ contains: newMarker() })}`;
}
