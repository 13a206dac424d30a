// Nothing is allowed to a caller whom the policy does not know, however the caller is dressed up.
import { campaign, expect, type HttpResult } from 'charter-runner';
import { configured } from '../configured.ts';
import { opaIdentity } from '../query-as.ts';
import { adminRole, noAdminRole } from '../roles.ts';
import { queryBy } from './asking.ts';

campaign('W2', 'Policy decisions', { targets: ['opa'] }, (c) => {
  c.case(
    'W2.3',
    'no role, no groups, no identity: no decision in favour, and no error',
    { cast: ['analyst'] },
    async ({ opa, cast, config }) => {
      const { user, groups } = opaIdentity(cast.analyst);
      expect(
        (await opa.allow(queryBy({ user, groups }))).allowed,
        'a query with the roles of the analyst',
      ).toBe(true);
      const strangers: Record<string, unknown> = {
        'an unknown role': queryBy({ user, groups: ['charter-unknown-role'] }),
        'empty groups': queryBy({ user, groups: [] }),
        'no groups': queryBy({ user }),
        'no identity': queryBy(undefined),
        'no context': { action: { operation: 'ExecuteQuery' } },
      };
      for (const [what, input] of Object.entries(strangers)) {
        const answer = await opa.rawPost(config.routes.opa.allow, JSON.stringify({ input }));
        expect(answer.status, `status for ${what}`).toBe(200);
        expect(decisionOf(answer), `decision for ${what}`).to.be.oneOf([false, undefined]);
      }
    },
  );

  c.case(
    'W2.4',
    'a role counts letter by letter, as an item of a list',
    { cast: ['admin'] },
    async ({ opa, cast, config, skip }) => {
      const role = adminRole(config) ?? skip(noAdminRole);
      const user = 'charter-nobody';
      expect(
        (await opa.allow(queryBy({ user, groups: [role] }))).allowed,
        `a query with groups ["${role}"]`,
      ).toBe(true);
      const swapped = role === role.toUpperCase() ? role.toLowerCase() : role.toUpperCase();
      const lookalikes = [
        [swapped],
        [`${role} `],
        [` ${role}`],
        [`not-${role}`],
        [`${role}-not`],
        [[role]],
        role,
      ];
      const accepted: string[] = [];
      for (const groups of lookalikes) {
        if ((await opa.allow(queryBy({ user, groups }))).allowed) accepted.push(JSON.stringify(groups));
      }
      expect(accepted, `groups taken for ["${role}"], besides those of ${cast.admin.name}`).toEqual([]);
    },
  );

  c.case('W2.5', 'a name is no role', { cast: ['admin'] }, async ({ opa, cast, config, skip }) => {
    const role = adminRole(config) ?? skip(noAdminRole);
    expect(
      (await opa.allow(queryBy({ user: 'charter-nobody', groups: [role] }))).allowed,
      'a query with the admin role',
    ).toBe(true);
    for (const user of [role, cast.admin.username]) {
      expect(
        (await opa.allow(queryBy({ user, groups: [] }))).allowed,
        `a query of user ${user} without groups`,
      ).toBe(false);
    }
  });

  c.case('W2.9', 'broken JSON is refused, and no input is no permission', async ({ opa, config }) => {
    const { allow } = config.routes.opa;
    for (const text of ['{"input":', "{'input': {}}", 'no JSON {}', '{"input": {"context": }}']) {
      expect((await opa.rawPost(allow, text)).status, `status for ${text}`).toBe(400);
    }
    for (const text of ['{}', '{"inputs": {}}']) {
      const answer = await opa.rawPost(allow, text);
      expect(answer.status, `status for ${text}`).toBe(200);
      expect(decisionOf(answer), `decision for ${text}`).to.be.oneOf([false, undefined]);
    }
  });
});

function decisionOf(answer: HttpResult): unknown {
  return configured(answer.json() as { result?: unknown }, 'result').result;
}
