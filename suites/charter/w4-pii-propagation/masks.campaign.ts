// What a tag in the catalog comes to: a mask in the policy engine, and masked values in the query engine. The column was
// tagged in advance, because a tag is a change of the catalog.
import { campaign, expect } from 'charter-runner';
import { configured } from '../configured.ts';
import { seenBy } from './masked-values.ts';
import { settledMask, syncedOnce, taggedMask } from './syncing.ts';

const needs = ['data.taggedColumn'];

campaign('W4', 'PII propagation', { targets: ['policySync', 'opa'], order: 'isolated' }, (c) => {
  c.case(
    'W4.7',
    'a tagged column is masked for the analyst soon after a sync',
    { writes: 'writes', needs, cast: ['admin', 'analyst'] },
    async (context) => {
      const { cast, config, eventually } = context;
      await syncedOnce(context);
      const { column } = configured(config.data.taggedColumn, 'data.taggedColumn');
      await eventually(config.budgets.maskMs, async () => {
        const mask = await taggedMask(context, cast.analyst);
        expect(mask, `mask of ${column} for ${cast.analyst.name}`).toBeDefined();
      });
    },
  );

  c.case(
    'W4.8',
    'a tagged column stays clear for the admin',
    { writes: 'writes', needs, cast: ['admin', 'analyst'] },
    async (context) => {
      const { cast, config, skip } = context;
      await syncedOnce(context);
      const { column } = configured(config.data.taggedColumn, 'data.taggedColumn');
      // Masks of one sync come together: once the analyst's is there, the admin's would be there too.
      const isThere = (await settledMask(context)) !== undefined;
      expect(
        await taggedMask(context, cast.admin),
        `mask of ${column} for ${cast.admin.name}`,
      ).toBeUndefined();
      if (!isThere) skip(`${column} is masked for nobody, so not for the admin either: see W4.7`);
    },
  );

  c.case(
    'W4.9',
    'a tagged column shows the analyst masked values only',
    { writes: 'writes', targets: ['keycloak', 'trino'], needs, logins: ['admin', 'analyst'] },
    async (context) => {
      const { cast, config, skip, warn } = context;
      await syncedOnce(context);
      const tagged = configured(config.data.taggedColumn, 'data.taggedColumn');
      const mask = await settledMask(context);
      if ((await taggedMask(context, cast.admin)) !== undefined)
        skip(`${tagged.column} is masked for ${cast.admin.name} too, so nobody knows clear values: see W4.8`);
      const { values, shown, inClear, notTheMask } = await seenBy(context, cast.analyst, tagged, mask);
      if (values === 0 || shown === 0)
        skip(`${cast.analyst.name} sees no row with a value in ${tagged.column}, so its mask cannot be seen`);
      expect(inClear, `clear values of ${tagged.column} that ${cast.analyst.name} sees, of ${values}`).toBe(
        0,
      );
      if (notTheMask === 'unknown')
        warn(`only that ${tagged.column} is hidden was checked, not by which mask`);
      else expect(notTheMask, `values that ${cast.analyst.name} sees and the mask does not make`).toBe(0);
    },
  );
});
