// Who may start a sync, and that starting it once more, or twice at once, does no harm.
import { type CaseContext, campaign, expect, type HttpResult } from 'charter-runner';
import { configuredIdentity } from '../edge-identity.ts';
import { changesIn, isObject, jsonOf, resourceVersionIn } from './answers.ts';
import { accepted, busy, changed, masksOf, syncAs, syncOrSkip } from './syncing.ts';

/** Masks that an attempt has seen changed are what the next one would begin with. */
const retry = 'errors';

campaign('W4', 'PII propagation', { targets: ['policySync'], order: 'isolated' }, (c) => {
  c.case('W4.4', 'nobody starts a sync without an identity', { writes: 'writes' }, async (context) => {
    expectRefused(context, await context.policySync.sync(), 'nobody');
  });

  c.case(
    'W4.5',
    'who has no part in governance starts no sync',
    { writes: 'writes', personas: ['analyst', 'viewer'] },
    async (context) => {
      const identity = configuredIdentity(context, context.persona);
      expectRefused(context, await context.policySync.sync({ identity }), context.persona.name);
    },
  );

  c.case(
    'W4.6',
    'a sync by the admin or the steward succeeds in time',
    { writes: 'writes', personas: ['admin', 'steward'] },
    async (context) => {
      const { persona, config } = context;
      const { status, text, exchange } = await syncAs(context, persona);
      expect(status, `status of a sync by ${persona.name}`).toBeOneOf(accepted);
      expect(isObject(jsonOf(text)), 'the sync answers a JSON object').toBe(true);
      expect(exchange.timings.total, 'milliseconds until the sync was answered').toBeLessThanOrEqual(
        config.budgets.syncMs,
      );
    },
  );

  c.case(
    'W4.10',
    'a second sync changes nothing, and says so',
    { writes: 'writes', targets: ['opa'], needs: ['data.taggedColumn'], cast: ['admin'], retry },
    async (context) => {
      const first = await syncOrSkip(context);
      const before = await masksOf(context);
      const second = await syncOrSkip(context);
      expect(changed(before, await masksOf(context)), 'masks that a second sync changed').toEqual([]);
      const [one, two] = [jsonOf(first.text), jsonOf(second.text)];
      const changes = changesIn(two);
      const versions = [resourceVersionIn(one), resourceVersionIn(two)];
      if (changes !== undefined) expect(changes, 'changes that the second sync reports').toBe(0);
      else if (versions[0] !== undefined)
        expect(versions[1], 'resource version after the second sync').toBe(versions[0]);
      else
        context.warn(
          'a sync answers neither counts of changes nor a resource version: only masks were compared',
        );
    },
  );

  c.case(
    'W4.11',
    'two syncs at once do not disturb each other',
    { writes: 'writes', targets: ['opa'], needs: ['data.taggedColumn'], cast: ['admin'], retry },
    async (context) => {
      const { policySync, cast, config, eventually } = context;
      const identity = configuredIdentity(context, cast.admin);
      await syncOrSkip(context);
      const before = await masksOf(context);
      const statuses = await eventually(config.budgets.maskMs, async () => {
        const answers = await Promise.all([policySync.sync({ identity }), policySync.sync({ identity })]);
        const both = answers.map(({ status }) => status);
        expect(
          both.every((status) => busy.includes(status)),
          'both syncs met a third one',
        ).toBe(false);
        return both;
      });
      expect(
        statuses.filter((status) => ![...accepted, ...busy].includes(status)),
        'statuses other than success and busy, of two syncs at once',
      ).toEqual([]);
      expect(changed(before, await masksOf(context)), 'masks that two syncs at once changed').toEqual([]);
    },
  );
});

/** How a sync is protected is not published, so an open one fails the case only in strict mode. */
function expectRefused({ config, warn }: CaseContext, { status }: HttpResult, who: string): void {
  const isOpen = accepted.includes(status) || busy.includes(status);
  if (isOpen && !config.modes.strict)
    warn(`a sync by ${who} is answered ${status} (a failure with modes.strict)`);
  else expect(status, `status of a sync by ${who}`).toBeOneOf([401, 403]);
}
