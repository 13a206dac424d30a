// Many questions at once get the same answers as one by one, at the right places.
import { actionInput, batchInput, campaign, catalogResource, expect, tableResource } from 'charter-runner';
import { configured } from '../configured.ts';
import { opaIdentity } from '../query-as.ts';

campaign('W2', 'Policy decisions', { targets: ['opa'] }, (c) => {
  c.case(
    'W2.7',
    'a batch of catalogs holds exactly those that are allowed one by one',
    { needs: ['data.allowed', 'data.governed', 'data.deniedCatalogs'], cast: ['viewer', 'analyst'] },
    async ({ opa, cast, config }) => {
      const allowed = configured(config.data.allowed, 'data.allowed').catalog;
      const governed = configured(config.data.governed, 'data.governed').catalog;
      const denied = configured(config.data.deniedCatalogs[0], 'data.deniedCatalogs');
      const catalogs = [allowed, denied, governed].map(catalogResource);
      const both = async (persona: typeof cast.viewer) => {
        const who = opaIdentity(persona);
        const { indices } = await opa.batch(batchInput(who, 'FilterCatalogs', catalogs));
        const single = await Promise.all(
          catalogs.map((catalog) => opa.allow(actionInput(who, 'FilterCatalogs', catalog))),
        );
        return { indices, single: single.flatMap((decision, index) => (decision.allowed ? [index] : [])) };
      };
      const viewer = await both(cast.viewer);
      expect(viewer.indices, `batch [${allowed}, ${denied}, ${governed}] for ${cast.viewer.name}`).toEqual([
        0, 2,
      ]);
      expect(viewer.indices, `batch and single decisions for ${cast.viewer.name}`).toEqual(viewer.single);
      const analyst = await both(cast.analyst);
      expect(analyst.indices, `batch and single decisions for ${cast.analyst.name}`).toEqual(analyst.single);
    },
  );

  c.case(
    'W2.8',
    'a batch of columns keeps their number and order',
    { needs: ['data.governed', 'data.governed.maskedColumns'], cast: ['analyst'] },
    async ({ opa, cast, config }) => {
      const { key, maskedColumns, filterColumn, ...table } = configured(
        config.data.governed,
        'data.governed',
      );
      const columns = [
        ...new Set([
          key,
          ...maskedColumns.map(({ name }) => name),
          ...(filterColumn === undefined ? [] : [filterColumn]),
        ]),
      ];
      const { indices } = await opa.batch(
        batchInput(opaIdentity(cast.analyst), 'FilterColumns', [tableResource(table, columns)]),
      );
      const inOrder = [...new Set(indices)].sort((left, right) => left - right);
      expect(
        indices.filter((index) => index >= columns.length),
        `indices beyond the ${columns.length} columns`,
      ).toEqual([]);
      expect(indices, 'indices, in the order of the columns').toEqual(inOrder);
      expect(indices.includes(0), `the key ${key}, first of the columns, is visible`).toBe(true);
      expect(indices.length, 'columns visible, so that there is an order to keep').toBeGreaterThan(1);
    },
  );
});
