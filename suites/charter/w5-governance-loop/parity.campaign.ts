// What is decided is what happens: OPA's answers beside those of the query engine and of the cockpit, for every persona.
import {
  actionInput,
  batchInput,
  campaign,
  catalogResource,
  expect,
  tableResource,
  tableSql,
} from 'charter-runner';
import { configured } from '../configured.ts';
import { edgeIdentityOf } from '../edge-identity.ts';
import { filtersOf, maskOf, whereOf } from '../policy-of.ts';
import { denials, opaIdentity, outcome, queryAs, readAs } from '../query-as.ts';
import { answerOf, columnsOf } from './answers.ts';
import { configuredTables } from './configured-tables.ts';
import { differencesFromOpa } from './data-access-parity.ts';
import { scopesOf } from './data-access-view.ts';
import { difference } from './difference.ts';

campaign('W5', 'Governance loop', { targets: ['keycloak', 'opa', 'trino'], order: 'isolated' }, (c) => {
  c.case(
    'W5.2',
    'the engine gives a table to whom OPA allows it, and to nobody else',
    {
      needs: ['data.governed', 'data.denied'],
      personas: 'each',
      password: 'required',
      logins: ['admin'],
    },
    async (context) => {
      const { opa, persona, config } = context;
      const who = opaIdentity(persona);
      const differences: string[] = [];
      for (const table of configuredTables(config)) {
        const columns = (await columnsOf(context, table)).map(({ name }) => name);
        const decisions = await Promise.all([
          opa.allow(actionInput(who, 'ExecuteQuery')),
          opa.allow(actionInput(who, 'AccessCatalog', catalogResource(table.catalog))),
          opa.allow(actionInput(who, 'SelectFromColumns', tableResource(table, columns))),
        ]);
        const decided = decisions.every(({ allowed }) => allowed) ? 'allowed' : 'denied';
        const came = outcome(await queryAs(context, persona, `SELECT * FROM ${tableSql(table)} LIMIT 1`));
        const happened = came === 'finished' ? 'allowed' : denials.includes(came) ? 'denied' : came;
        if (happened !== decided) differences.push(`${tableSql(table)}: OPA ${decided}, Trino ${happened}`);
      }
      expect(differences, `differences for ${persona.name}`).toEqual([]);
    },
  );

  c.case(
    'W5.3',
    'the engine shows the catalogs that OPA lets a persona see, all of them and no other',
    { personas: 'each', password: 'required', logins: ['admin'] },
    async (context) => {
      const { opa, cast, persona } = context;
      const shownTo = async (asking: typeof persona) =>
        (await readAs(context, asking, 'SHOW CATALOGS', 'SHOW CATALOGS')).names('Catalog').sort();
      const all = await shownTo(cast.admin);
      expect(all, 'catalogs of the admin').not.toHaveLength(0);
      const { indices } = await opa.batch(
        batchInput(opaIdentity(persona), 'FilterCatalogs', all.map(catalogResource)),
      );
      const decided = indices.map((index) => all[index] ?? `no catalog at ${index}`).sort();
      expect(await shownTo(persona), `catalogs in Trino for ${persona.name}, those of OPA expected`).toEqual(
        decided,
      );
    },
  );

  c.case(
    'W5.4',
    'the columns that look different are those that OPA masks',
    {
      needs: ['data.governed'],
      personas: ['engineer', 'analyst', 'viewer', 'steward'],
      password: 'required',
      logins: ['admin'],
    },
    async (context) => {
      const { cast, persona, config, warn } = context;
      const governed = configured(config.data.governed, 'data.governed');
      const who = opaIdentity(persona);
      const where = whereOf(await filtersOf(context, who, governed));
      const clear = await answerOf(context, cast.admin, governed, where);
      const shown = await answerOf(context, persona, governed);
      const { rows, differing, empty } = difference(clear, shown);
      expect(rows, `rows that the admin and ${persona.name} both see`).toBeGreaterThan(0);

      const masked: string[] = [];
      for (const column of await columnsOf(context, governed)) {
        if ((await maskOf(context, who, governed, column)) === undefined) continue;
        if (empty.includes(column.name)) warn(`${column.name} holds no value, so its mask cannot be seen`);
        else masked.push(column.name);
      }
      expect(
        [...differing].sort(),
        `columns that differ for ${persona.name}, those masked by OPA expected`,
      ).toEqual(masked.sort());
    },
  );

  c.case(
    'W5.5',
    'the Data Access view shows the filters and masks that OPA decides',
    {
      targets: ['cockpitBackend'],
      needs: ['routes.cockpitBackend.dataAccess', 'data.governed'],
      logins: ['admin'],
    },
    async (context) => {
      const { cockpitBackend, cast, config } = context;
      const route = configured(config.routes.cockpitBackend.dataAccess, 'routes.cockpitBackend.dataAccess');
      const answer = await cockpitBackend.get(route, await edgeIdentityOf(context, cast.admin));
      expect(answer.status, `status of ${route}`).toBe(200);
      const scopes = scopesOf(answer.json());
      expect(scopes, `${route} answers {scopes: [{scope, filters, masks}]}`).toBeDefined();
      const { compared, differences } = await differencesFromOpa(context, scopes ?? []);
      expect(differences, 'differences between the view and OPA').toEqual([]);
      expect(compared, 'filters and masks in the view').toBeGreaterThan(0);
    },
  );
});
