// What a persona may read is what the policy grants, on one table and across catalogs.
import { campaign, expect, tableSql } from 'charter-runner';
import { configured } from '../configured.ts';
import { denials, outcome, queryAs, readAs } from '../query-as.ts';
import { decided, shownAlone, shownJoined } from './federated-join.ts';

campaign('C-11', 'Query engine', { targets: ['keycloak', 'opa', 'trino'] }, (c) => {
  c.case(
    '11.6',
    'a viewer sees no catalog that is denied, and none that the admin does not see',
    { needs: ['data.deniedCatalogs'], logins: ['admin', 'viewer'] },
    async ({ trino, login, cast, config }) => {
      const catalogs = async (persona: typeof cast.admin) =>
        (await readAs({ trino, login }, persona, 'SHOW CATALOGS', 'SHOW CATALOGS')).names('Catalog');
      const all = await catalogs(cast.admin);
      const seen = await catalogs(cast.viewer);
      const { deniedCatalogs } = config.data;
      // A name that nobody sees would make the next promise empty.
      expect(all, 'catalogs of the admin').toEqual(expect.arrayContaining(deniedCatalogs));
      expect(seen, 'catalogs of the viewer').not.toHaveLength(0);
      expect(
        seen.filter((catalog) => !all.includes(catalog)),
        'catalogs that the viewer sees and the admin does not',
      ).toEqual([]);
      expect(
        seen.filter((catalog) => deniedCatalogs.includes(catalog)),
        'denied catalogs that the viewer sees',
      ).toEqual([]);
    },
  );

  c.case(
    '11.7',
    'a table that everybody may read can be read',
    { needs: ['data.allowed'], personas: ['analyst', 'viewer'], password: 'required' },
    async ({ trino, login, persona, config }) => {
      const allowed = tableSql(configured(config.data.allowed, 'data.allowed'));
      await readAs({ trino, login }, persona, `SELECT from ${allowed}`, `SELECT * FROM ${allowed} LIMIT 1`);
    },
  );

  c.case(
    '11.8',
    'a denied table gives the analyst no row',
    { needs: ['data.denied'], logins: ['admin', 'analyst'] },
    async ({ trino, login, cast, config }) => {
      const denied = tableSql(configured(config.data.denied, 'data.denied'));
      const sql = `SELECT * FROM ${denied} LIMIT 1`;
      // Only a table that is there can be denied.
      await readAs({ trino, login }, cast.admin, `SELECT from ${denied}`, sql);
      const result = await queryAs({ trino, login }, cast.analyst, sql);
      expect(outcome(result), `SELECT from ${denied}, asked by ${cast.analyst.name}`).toBeOneOf(denials);
      expect(result.rowCount, 'rows').toBe(0);
    },
  );

  c.case(
    '11.12',
    'a join over two catalogs shows what each side shows, and is denied when one side is',
    { needs: ['data.join', 'data.denied'], logins: ['analyst'] },
    async (context) => {
      const { trino, login, cast, config } = context;
      const join = configured(config.data.join, 'data.join');
      const both = await shownJoined(context, join);
      if ((await decided(context, [join.left, join.right])) === 'allowed') {
        const [left, right] = [await shownAlone(context, join.left), await shownAlone(context, join.right)];
        expect(both, 'join of two sides that OPA allows').toEqual({
          outcome: 'finished',
          columns: [...left.columns, ...right.columns],
        });
      } else {
        expect(both.outcome, 'join of two sides of which OPA denies one').toBeOneOf(denials);
      }

      const denied = configured(config.data.denied, 'data.denied');
      const sql = `SELECT 1 AS one FROM ${tableSql(join.right)} CROSS JOIN ${tableSql(denied)} LIMIT 1`;
      const result = await queryAs({ trino, login }, cast.analyst, sql);
      expect(outcome(result), `join with ${tableSql(denied)}, asked by ${cast.analyst.name}`).toBeOneOf(
        denials,
      );
      expect(result.rowCount, 'rows').toBe(0);
    },
  );
});
