// What the engine really shows: the rows the filter permits, the values the mask makes, and nothing to whom no role grants it.
import { actionInput, campaign, expect, identifierSql, Trino, tableResource, tableSql } from 'charter-runner';
import { configured } from '../configured.ts';
import { denials, outcome, readAs } from '../query-as.ts';
import { counts, expectMasked } from './comparing.ts';

campaign('C-15', 'Row filters and column masks', { targets: ['keycloak', 'opa', 'trino'] }, (c) => {
  c.case(
    '15.5',
    'the analyst sees exactly the rows that the filter permits',
    { needs: ['data.governed'], logins: ['admin', 'analyst'] },
    async (context) => {
      const governed = configured(context.config.data.governed, 'data.governed');
      const { seen, permitted, all } = await counts(context, context.cast.analyst, governed);
      expect(seen, 'rows the analyst sees, of those the filter permits').toBe(permitted);
      expect(seen, 'rows the analyst sees, of those the admin sees').toBeLessThanOrEqual(all);
      if (seen === all)
        context.skip(`the filter hides no row of ${tableSql(governed)}, so its effect cannot be seen`);
    },
  );

  c.case(
    '15.6',
    'the analyst finds only permitted values in the filtered column',
    { needs: ['data.governed.filterColumn', 'data.governed.filterValues'], logins: ['analyst'] },
    async ({ trino, login, cast, config }) => {
      const governed = configured(config.data.governed, 'data.governed');
      const column = identifierSql(configured(governed.filterColumn, 'data.governed.filterColumn'));
      const sql = `SELECT DISTINCT CAST(${column} AS varchar) AS v FROM ${tableSql(governed)}`;
      const found = (await readAs({ trino, login }, cast.analyst, `DISTINCT ${column}`, sql)).fingerprints(
        'v',
      );
      const permitted = governed.filterValues.map((value) => Trino.fingerprint(value));
      expect(found, `values of ${column}`).not.toHaveLength(0);
      expect(
        found.filter((value) => !permitted.includes(value)),
        `fingerprints of values of ${column} that are not permitted`,
      ).toEqual([]);
    },
  );

  c.case(
    '15.7',
    'every masked value is what the mask makes of the clear one',
    { needs: ['data.governed.maskedColumns'], logins: ['admin', 'analyst'] },
    async (context) => {
      const governed = configured(context.config.data.governed, 'data.governed');
      await expectMasked(context, context.cast.analyst, governed);
    },
  );

  c.case(
    '15.10',
    'a viewer is filtered and masked at once',
    { needs: ['data.governed.maskedColumns'], logins: ['admin', 'viewer'] },
    async (context) => {
      const governed = configured(context.config.data.governed, 'data.governed');
      const { seen, permitted } = await counts(context, context.cast.viewer, governed);
      expect(seen, 'rows the viewer sees, of those the filter permits').toBe(permitted);
      await expectMasked(context, context.cast.viewer, governed);
    },
  );

  c.case(
    '15.11',
    'who has no group may nothing',
    { needs: ['data.allowed'], logins: ['admin'] },
    async ({ opa, trino, login, cast, config, uniqueName }) => {
      const allowed = configured(config.data.allowed, 'data.allowed');
      const nobody = { user: uniqueName, groups: [] };
      for (const [operation, resource] of [
        ['ExecuteQuery'],
        ['SelectFromColumns', tableResource(allowed)],
      ] as const) {
        const decision = await opa.allow(actionInput(nobody, operation, resource));
        expect(decision.allowed, `OPA: ${operation} without a group`).toBe(false);
      }
      // Only an admin may ask in the name of a user who cannot log in; where he may not either, that is a denial too.
      const { accessToken } = await login(cast.admin);
      const sql = `SELECT * FROM ${tableSql(allowed)} LIMIT 1`;
      const result = await trino.query(sql, { user: uniqueName, token: accessToken });
      expect(outcome(result), 'Trino: a user without a group').toBeOneOf([
        'refused with HTTP 401',
        'refused with HTTP 403',
        ...denials,
      ]);
      expect(result.rowCount, 'rows').toBe(0);
    },
  );
});
