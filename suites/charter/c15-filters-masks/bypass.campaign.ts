// Ways around filters and masks: other SQL, what the engine tells about a table besides its rows, and views of others.
import { campaign, expect, identifierSql, type Persona, tableSql, textSql } from 'charter-runner';
import { configured } from '../configured.ts';
import { denials, outcome, queryAs, readAs } from '../query-as.ts';
import { extractions, type Place, sample, searches } from './attempts.ts';
import { clearValues, extremes, sampleRows } from './clear-values.ts';
import { definerViewsOver } from './definer-views.ts';

campaign('C-15', 'Row filters and column masks', { targets: ['keycloak', 'opa', 'trino'] }, (c) => {
  c.case(
    '15.8',
    'no way of asking finds a clear value or brings one out',
    { needs: ['data.governed.maskedColumns'], logins: ['admin', 'analyst'] },
    async (context) => {
      const { cast, config } = context;
      const governed = configured(config.data.governed, 'data.governed');
      const findings: string[] = [];
      for (const { name } of governed.maskedColumns) {
        const place: Place = { table: governed, key: governed.key, column: name };
        const clear = await clearValues(context, cast.analyst, governed, name);
        const count = async (persona: Persona, attempt: string, sql: string) =>
          (await readAs(context, persona, `${name} by ${attempt}`, sql)).number('n');
        for (const [attempt, sql] of Object.entries(searches)) {
          const wanted = sql(place, clear[0] as string);
          expect(
            await count(cast.admin, attempt, wanted),
            `rows the admin finds by ${attempt}`,
          ).toBeGreaterThan(0);
          const found = await count(cast.analyst, attempt, wanted);
          if (found > 0) findings.push(`${name} by ${attempt}: ${found} rows found`);
        }
        for (const [attempt, sql] of Object.entries(extractions)) {
          const text = sql(place, sample(place, sampleRows));
          const result = await readAs(context, cast.analyst, `${name} by ${attempt}`, text);
          expect(result.rowCount, `rows by ${attempt}`).toBeGreaterThan(0);
          const shown = clear.filter((value) => result.contains(value)).length;
          if (shown > 0) findings.push(`${name} by ${attempt}: ${shown} clear values shown`);
        }
      }
      expect(findings, 'clear values that the analyst gets').toEqual([]);
    },
  );

  c.case(
    '15.9',
    'statistics, plans, the schema and partitions tell no clear value',
    { needs: ['data.governed.maskedColumns'], logins: ['admin', 'analyst'] },
    async (context) => {
      const { cast, config } = context;
      const governed = configured(config.data.governed, 'data.governed');
      const { catalog, schema, table } = governed;
      const here = `table_schema = ${textSql(schema)} AND table_name = ${textSql(table)}`;
      const telling = {
        'SHOW STATS': `SHOW STATS FOR ${tableSql(governed)}`,
        EXPLAIN: `EXPLAIN SELECT * FROM ${tableSql(governed)}`,
        'information_schema.columns': `SELECT * FROM ${identifierSql(catalog)}.information_schema.columns WHERE ${here}`,
        partitions: `SELECT * FROM ${tableSql({ catalog, schema, table: `${table}$partitions` })}`,
      };
      const clear = new Map<string, readonly string[]>();
      for (const { name } of governed.maskedColumns) {
        const few = await clearValues(context, cast.analyst, governed, name);
        clear.set(name, [...few, ...(await extremes(context, governed, name))]);
      }
      const findings: string[] = [];
      for (const [about, sql] of Object.entries(telling)) {
        const result = await queryAs(context, cast.analyst, sql);
        const came = outcome(result);
        // Not every connector has partitions; a plan and the schema are for everybody who may read the table.
        const fine =
          about === 'partitions'
            ? ['finished', 'NOT_SUPPORTED', ...denials]
            : ['finished', 'PERMISSION_DENIED'];
        expect(came, `${about}, asked by ${cast.analyst.name}`).toBeOneOf(fine);
        for (const [name, values] of clear) {
          const tells = (value: string) =>
            came === 'finished' ? result.contains(value) : result.error?.message.includes(value);
          const shown = values.filter(tells).length;
          if (shown > 0) findings.push(`${about}: ${shown} clear values of ${name}`);
        }
      }
      expect(findings, 'clear values that the analyst is told').toEqual([]);
    },
  );

  c.case(
    '15.13',
    'every view that shows the table with the rights of its owner is declared',
    { needs: ['data.governed'], logins: ['admin'] },
    async (context) => {
      const governed = configured(context.config.data.governed, 'data.governed');
      const views = await definerViewsOver(context, governed);
      const { declaredDefinerViews } = context.config.data;
      expect(
        views.filter((view) => !declaredDefinerViews.includes(view)),
        `views with SECURITY DEFINER over ${tableSql(governed)} that data.declaredDefinerViews does not name`,
      ).toEqual([]);
    },
  );
});
