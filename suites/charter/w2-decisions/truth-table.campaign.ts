// Who may do what: the role decides, and only the role.
import {
  campaign,
  catalogResource,
  expect,
  type TableName,
  tableResource,
  userResource,
} from 'charter-runner';
import { configured } from '../configured.ts';
import { opaIdentity } from '../query-as.ts';
import { adminRole, noAdminRole, plays } from '../roles.ts';
import { differences, type Question } from './asking.ts';

const parts = ['admin', 'engineer', 'analyst', 'viewer', 'steward', 'otherProject'] as const;
const writes = ['InsertIntoTable', 'CreateTable', 'DropTable', 'DeleteFromTable'];

campaign('W2', 'Policy decisions', { targets: ['opa'] }, (c) => {
  c.case(
    'W2.2',
    'the admin may do everything, the engineer writes in designated schemas, all others only read',
    { needs: ['data.allowed', 'data.governed', 'data.sandbox'], personas: parts },
    async ({ opa, persona, config, skip }) => {
      if (persona.roles.length === 0) skip(`personas: ${persona.name} has no roles`);
      const { catalog, schema } = configured(config.data.sandbox, 'data.sandbox');
      const allowed = configured(config.data.allowed, 'data.allowed');
      const governed = configured(config.data.governed, 'data.governed');
      const isAdmin = plays(config, persona, 'admin');
      const isWriter = isAdmin || plays(config, persona, 'engineer');
      const only = (may: boolean) => (may ? 'allowed' : 'denied');
      const questions: Question[] = [
        { operation: 'ExecuteQuery', about: '', expected: 'allowed' },
        { operation: 'AccessCatalog', ...inCatalog(allowed.catalog), expected: 'allowed' },
        { operation: 'SelectFromColumns', ...onTable(allowed), expected: 'allowed' },
        ...writes.map(
          (operation) =>
            ({
              operation,
              ...onTable({ catalog, schema, table: 'charter_probe' }),
              expected: only(isWriter),
            }) as const,
        ),
        ...writes.map(
          (operation) =>
            ({
              operation,
              ...onTable(governed),
              expected: only(isAdmin),
            }) as const,
        ),
        ...['ImpersonateUser', 'KillQueryOwnedBy'].map(
          (operation) =>
            ({
              operation,
              resource: userResource('charter-somebody-else'),
              about: 'of somebody else',
              expected: only(isAdmin),
            }) as const,
        ),
      ];
      expect(
        await differences({ opa }, opaIdentity(persona), questions),
        `differences for ${persona.name}`,
      ).toEqual([]);
    },
  );

  c.case('W2.6', 'an operation that nobody knows is for the admin at most', async ({ opa, config, skip }) => {
    const admin = adminRole(config) ?? skip(noAdminRole);
    const others = config.personas.filter(({ roles }) => roles.length > 0 && !roles.includes(admin));
    if (others.length === 0) skip(`personas: nobody has a role other than ${admin}`);
    const found: string[] = [];
    for (const persona of others) {
      const unknown: Question = {
        operation: 'CharterProbe',
        about: `by ${persona.name}`,
        expected: 'denied',
      };
      found.push(...(await differences({ opa }, opaIdentity(persona), [unknown])));
    }
    expect(found, 'differences').toEqual([]);
  });

  c.case(
    'W2.12',
    'questions in words reach a denied table for the admin only',
    { needs: ['routes.opa.aden', 'data.denied'], cast: ['admin', 'analyst', 'viewer'] },
    async ({ opa, cast, config, skip }) => {
      const { catalog, schema, table } = configured(config.data.denied, 'data.denied');
      const ask = async (persona: typeof cast.admin) => {
        const role = persona.roles[0] ?? skip(`personas: ${persona.name} has no roles`);
        return configured(
          await opa.aden({ user: persona.username, role, table: `${catalog}.${schema}.${table}` }),
          'routes.opa.aden',
        );
      };
      const [admin, analyst, viewer] = [
        await ask(cast.admin),
        await ask(cast.analyst),
        await ask(cast.viewer),
      ];
      if (!admin.defined && !analyst.defined && !viewer.defined)
        skip('routes.opa.aden leads to a rule that is undefined for everybody');
      expect(admin.allowed, `${cast.admin.name} may ask about the denied table`).toBe(true);
      expect(analyst.allowed, `${cast.analyst.name} may ask about the denied table`).toBe(false);
      expect(viewer.allowed, `${cast.viewer.name} may ask about the denied table`).toBe(false);
    },
  );
});

function inCatalog(name: string) {
  return { resource: catalogResource(name), about: name };
}

function onTable({ catalog, schema, table }: TableName) {
  return { resource: tableResource({ catalog, schema, table }), about: `${catalog}.${schema}.${table}` };
}
