// Every query is in the audit trail: who asked, what was asked, and what came of it.
import { type CaseContext, campaign, expect, tableSql } from 'charter-runner';
import { configured } from '../configured.ts';
import { configuredIdentity } from '../edge-identity.ts';
import { denials, outcome } from '../query-as.ts';
import { type Asked, askMarked, eventsWith } from './caused.ts';
import { actorOf, holds, type Outcome, outcomeOf } from './event.ts';

campaign('C-13', 'Audit trail', { targets: ['keycloak', 'trino', 'cockpitBackend'] }, (c) => {
  c.case(
    '13.1',
    'a query is in the audit trail, with its user, its text and its success',
    { needs: ['routes.cockpitBackend.audit'], cast: ['admin'], logins: ['analyst'] },
    async (context) => {
      const { cast, login, skip } = context;
      const asked = await askMarked(context, cast.analyst, await login(cast.analyst), 'SELECT 1');
      const came = outcome(asked.result);
      if (came !== 'finished')
        skip(`the query did not finish (${came}), so it can leave no event of a success`);
      await expectInTrail(context, asked, ['success']);
    },
  );

  c.case(
    '13.2',
    'a denied query is in the audit trail, with its user, its text and its denial',
    { needs: ['routes.cockpitBackend.audit', 'data.denied'], cast: ['admin'], logins: ['analyst'] },
    async (context) => {
      const { cast, config, login, skip } = context;
      const denied = tableSql(configured(config.data.denied, 'data.denied'));
      const asked = await askMarked(
        context,
        cast.analyst,
        await login(cast.analyst),
        `SELECT * FROM ${denied} LIMIT 1`,
      );
      const came = outcome(asked.result);
      if (!denials.includes(came))
        skip(`${denied} is not denied (${came}), so it can leave no event of a denial: see 11.8`);
      // A table that is hidden from the analyst is not found, which is a failure to the engine.
      await expectInTrail(context, asked, came === 'PERMISSION_DENIED' ? ['denied'] : ['denied', 'failure']);
    },
  );
});

async function expectInTrail(
  context: CaseContext,
  { marker, result }: Asked,
  expected: readonly Outcome[],
): Promise<void> {
  const { cast, config, eventually } = context;
  const { username, name } = cast.analyst;
  const reader = configuredIdentity(context, cast.admin);
  await eventually(config.budgets.auditMs, async () => {
    const events = await eventsWith(context, reader, marker);
    expect(events.length, 'audit events with the marker of the query').toBeGreaterThan(0);
    expect(events.map(actorOf), 'users whom these events name').toEqual(expect.arrayContaining([username]));
    const own = events.filter((event) => actorOf(event) === username);
    const outcomes = [...new Set(own.map(outcomeOf))].filter((found) => found !== 'unknown');
    expect(outcomes, `outcomes in these events of ${name}`).not.toHaveLength(0);
    expect(
      outcomes.filter((found) => !expected.includes(found)),
      `outcomes in these events of ${name} other than ${expected.join(' or ')}`,
    ).toEqual([]);
    const named = own.some((event) => holds(event, result.queryId ?? 'a query without an id'));
    expect(named, 'one of these events names the id of the query').toBe(true);
  });
}
