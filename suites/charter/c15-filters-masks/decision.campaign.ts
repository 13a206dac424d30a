// Decisions about rows and columns, straight from OPA: filters and masks for those who need them, none for the admin.
import {
  actionInput,
  batchColumnMasksInput,
  type CaseContext,
  campaign,
  expect,
  type OpaIdentity,
  type TableName,
  tableResource,
} from 'charter-runner';
import { configured } from '../configured.ts';
import { filtersOf, maskOf } from '../policy-of.ts';
import { opaIdentity } from '../query-as.ts';
import { literalsOf, mentions } from './expression.ts';

campaign('C-15', 'Row filters and column masks', { targets: ['opa'] }, (c) => {
  c.case(
    '15.1',
    'the analyst gets the row filter that the configuration expects',
    { needs: ['data.governed.filterColumn', 'data.governed.filterValues'], cast: ['analyst'] },
    async ({ opa, cast, config }) => {
      const governed = configured(config.data.governed, 'data.governed');
      const column = configured(governed.filterColumn, 'data.governed.filterColumn');
      const filters = await filtersOf({ opa }, opaIdentity(cast.analyst), governed);
      expect(filters, 'row filters of the analyst').not.toHaveLength(0);
      expect(
        filters.filter((filter) => mentions(filter, column)),
        `row filters on ${column}`,
      ).not.toHaveLength(0);
      const onColumn = filters.filter((filter) => mentions(filter, column)).flatMap(literalsOf);
      expect(
        onColumn.filter((value) => !governed.filterValues.includes(value)),
        `values that the filter on ${column} lets through and data.governed.filterValues does not name`,
      ).toEqual([]);
    },
  );

  c.case(
    '15.2',
    'the admin gets no row filter',
    { needs: ['data.governed'], cast: ['admin'] },
    async ({ opa, cast, config }) => {
      const governed = configured(config.data.governed, 'data.governed');
      expect(await filtersOf({ opa }, opaIdentity(cast.admin), governed), 'row filters of the admin').toEqual(
        [],
      );
    },
  );

  c.case(
    '15.3',
    'columns with personal data are masked for the analyst and clear for the admin',
    { needs: ['data.governed.maskedColumns'], cast: ['analyst', 'admin'] },
    async ({ opa, cast, config }) => {
      const governed = configured(config.data.governed, 'data.governed');
      const differences: string[] = [];
      for (const column of governed.maskedColumns) {
        const mask = await maskOf({ opa }, opaIdentity(cast.analyst), governed, column);
        if (mask === undefined) differences.push(`${column.name}: no mask for the analyst`);
        else if (mask.replaceAll(/[\s"()]/g, '') === column.name)
          differences.push(`${column.name}: the mask for the analyst is the column itself`);
        const ofAdmin = await maskOf({ opa }, opaIdentity(cast.admin), governed, column);
        if (ofAdmin !== undefined) differences.push(`${column.name}: the admin is masked by ${ofAdmin}`);
      }
      expect(differences, 'differences').toEqual([]);
    },
  );

  c.case(
    '15.4',
    'masks asked for in a batch are the masks asked for one by one',
    { needs: ['routes.opa.batchColumnMasks', 'data.governed.maskedColumns'], cast: ['analyst'] },
    async ({ opa, cast, config }) => {
      const governed = configured(config.data.governed, 'data.governed');
      const who = opaIdentity(cast.analyst);
      // A clear column first and last: an index that is off by one then names another column, or none.
      const key = { name: governed.key, type: 'bigint' };
      const columns = [key, ...governed.maskedColumns, key];
      const batch = await opa.batchColumnMasks(batchColumnMasksInput(who, governed, columns));
      const { masks } = configured(batch, 'routes.opa.batchColumnMasks');
      const indices = masks.map(({ index }) => index);
      expect(
        indices.filter((index) => index >= columns.length),
        'indices outside the batch',
      ).toEqual([]);
      expect(indices, 'indices, each once').toEqual([...new Set(indices)]);
      const batched = columns.map(
        (_, at) => masks.find(({ index }) => index === at)?.viewExpression.expression ?? 'no mask',
      );
      const single = await Promise.all(
        columns.map(async (column) => (await maskOf({ opa }, who, governed, column)) ?? 'no mask'),
      );
      expect(batched, 'masks by column, batched against one by one').toEqual(single);
      expect(
        batched.filter((mask) => mask !== 'no mask'),
        'masks',
      ).not.toHaveLength(0);
    },
  );

  c.case(
    '15.12',
    'two analysts of different projects get different decisions on a table of projects',
    { needs: ['data.project'], cast: ['analyst', 'otherProject'] },
    async ({ opa, cast, config }) => {
      const project = configured(config.data.project, 'data.project');
      const { username, roles, groups } = cast.analyst;
      // Nothing but the project differs: same user, same roles.
      const inOwn = { user: username, groups: [...roles, ...groups] };
      const inOther = { user: username, groups: [...roles, ...cast.otherProject.groups] };
      const own = await decisionOn({ opa }, inOwn, project);
      const other = await decisionOn({ opa }, inOther, project);
      expect([own.allowed, other.allowed], 'allowed in either project').toContain(true);
      expect(
        own,
        `decision for ${groups.join(', ')}, against ${cast.otherProject.groups.join(', ')}`,
      ).not.toEqual(other);
    },
  );
});

async function decisionOn({ opa }: Pick<CaseContext, 'opa'>, who: OpaIdentity, table: TableName) {
  const { allowed } = await opa.allow(actionInput(who, 'SelectFromColumns', tableResource(table)));
  return { allowed, filters: await filtersOf({ opa }, who, table) };
}
