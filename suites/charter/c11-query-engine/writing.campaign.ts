// Who may write, and where: the sandbox is the engineer's, grants are nobody's. Every case takes its own table away again.
import {
  type CaseContext,
  campaign,
  expect,
  identifierSql,
  type Persona,
  type TableName,
  tableSql,
} from 'charter-runner';
import { configured } from '../configured.ts';
import { denials, outcome, queryAs, readAs } from '../query-as.ts';

campaign('C-11', 'Query engine', { targets: ['keycloak', 'opa', 'trino'] }, (c) => {
  c.case(
    '11.9',
    'who may only read creates no table',
    {
      writes: 'writes',
      needs: ['data.sandbox'],
      personas: ['analyst', 'viewer', 'steward'],
      password: 'required',
      logins: ['admin'],
    },
    async (context) => {
      const { cast, persona } = context;
      const table = ownTable(context);
      try {
        const result = await queryAs(context, persona, `CREATE TABLE ${tableSql(table)} (x integer)`);
        expect(outcome(result), `CREATE TABLE in the sandbox, asked by ${persona.name}`).toBe(
          'PERMISSION_DENIED',
        );
        expect(await tables(context, cast.admin), 'tables of the sandbox').not.toContain(table.table);
      } finally {
        await drop(context, cast.admin, table);
      }
    },
  );

  c.case(
    '11.10',
    'the engineer creates a table in the sandbox and drops it again',
    { writes: 'writes', needs: ['data.sandbox'], logins: ['engineer', 'admin'] },
    async (context) => {
      const { cast } = context;
      const table = ownTable(context);
      const sql = tableSql(table);
      try {
        await readAs(context, cast.engineer, `CREATE TABLE ${sql}`, `CREATE TABLE ${sql} (x integer)`);
        expect(await tables(context, cast.engineer), 'tables of the sandbox').toContain(table.table);
        await readAs(context, cast.engineer, `DROP TABLE ${sql}`, `DROP TABLE ${sql}`);
        expect(await tables(context, cast.admin), 'tables of the sandbox, after DROP').not.toContain(
          table.table,
        );
      } finally {
        await drop(context, cast.admin, table);
      }
    },
  );

  c.case(
    '11.11',
    'an analyst cannot grant himself a privilege',
    { writes: 'writes', needs: ['data.sandbox'], logins: ['engineer', 'analyst', 'admin'] },
    async (context) => {
      const { cast } = context;
      const table = ownTable(context);
      const sql = tableSql(table);
      try {
        await readAs(context, cast.engineer, `CREATE TABLE ${sql}`, `CREATE TABLE ${sql} (x integer)`);
        const grant = `GRANT SELECT ON TABLE ${sql} TO USER ${identifierSql(cast.analyst.username)}`;
        const result = await queryAs(context, cast.analyst, grant);
        // Without permission management in the connector, Trino refuses before it asks who may.
        expect(outcome(result), `GRANT SELECT, asked by ${cast.analyst.name}`).toBeOneOf([
          ...denials,
          'NOT_SUPPORTED',
        ]);
      } finally {
        await drop(context, cast.admin, table);
      }
    },
  );
});

function ownTable({ config, uniqueName }: CaseContext) {
  return { ...configured(config.data.sandbox, 'data.sandbox'), table: uniqueName };
}

async function tables(context: CaseContext, persona: Persona): Promise<string[]> {
  const { catalog, schema } = configured(context.config.data.sandbox, 'data.sandbox');
  const sql = `SHOW TABLES FROM ${identifierSql(catalog)}.${identifierSql(schema)}`;
  return (await readAs(context, persona, 'SHOW TABLES of the sandbox', sql)).names('Table');
}

/** Whatever the case found, its table goes; that it went is part of the verdict. */
async function drop(context: CaseContext, admin: Persona, table: TableName): Promise<void> {
  const sql = `DROP TABLE IF EXISTS ${tableSql(table)}`;
  expect(outcome(await queryAs(context, admin, sql)), `cleaning up: ${sql}`).toBe('finished');
}
