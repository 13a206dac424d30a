// Edits of data policies on scopes that exist for one case: they reach OPA, come back, and leave nothing behind.
import { type CaseContext, type ConfigData, campaign, expect } from 'charter-runner';
import { auditEvents } from '../audit-feed.ts';
import { configured } from '../configured.ts';
import { edgeIdentityOf } from '../edge-identity.ts';
import { done, ThrowAwayPolicy } from './data-policy.ts';
import { residue } from './residue.ts';
import { snapshot, startSnapshot } from './snapshot.ts';

campaign('W5', 'Governance loop', { targets: ['keycloak', 'opa', 'trino'], order: 'isolated' }, (c) => {
  c.case(
    'W5.8',
    'an edit by the admin changes what OPA decides, a revert changes it back, and both are in the audit trail',
    {
      writes: 'writes',
      targets: ['cockpitBackend'],
      needs: ['routes.cockpitBackend.dataPolicies', 'routes.cockpitBackend.audit', 'data.governed'],
      logins: ['admin'],
    },
    async (context) => {
      const { cast, config, eventually, uniqueName } = context;
      const { policyMs, auditMs } = config.budgets;
      await startSnapshot(context);
      const admin = await edgeIdentityOf(context, cast.admin);
      const policy = new ThrowAwayPolicy(context, uniqueName);
      const before = await policy.filters();
      const inOpa = (after: string, expected: readonly string[]) =>
        eventually(policyMs, async () =>
          expect(await policy.filters(), `row filters of a member of the scope, after the ${after}`).toEqual(
            expected,
          ),
        );
      const inTrail = (after: string, expected: number) =>
        eventually(auditMs, async () => {
          const events = await auditEvents(context, admin, uniqueName);
          const ofAdmin = events.filter(({ actor }) => actor?.user?.name === cast.admin.username);
          expect(ofAdmin.length, `audit events of the admin about the scope, after the ${after}`).toBe(
            expected,
          );
        });

      let state: 'edited' | 'reverted' = 'edited';
      try {
        expect((await policy.edit(admin)).status, 'status of the edit').toBeOneOf(done);
        await inOpa('edit', [...before, policy.expression].sort());
        await inTrail('edit', 1);
        expect((await policy.revert(admin)).status, 'status of the revert').toBeOneOf(done);
        state = 'reverted';
        await inOpa('revert', before);
        await inTrail('revert', 2);
      } finally {
        if (state === 'edited') await policy.revert(admin);
      }
    },
  );

  c.case(
    'W5.9',
    'an edit by anybody else is refused and changes nothing',
    {
      writes: 'writes',
      targets: ['cockpitBackend'],
      needs: ['routes.cockpitBackend.dataPolicies', 'data.governed'],
      personas: ['analyst', 'steward'],
      password: 'required',
      logins: ['admin'],
    },
    async (context) => {
      const { cast, persona, uniqueName, skip } = context;
      if (isTheirLayer(context))
        skip(`routes.cockpitBackend.layers give data policies to a role of ${persona.name}`);
      await startSnapshot(context);
      const admin = await edgeIdentityOf(context, cast.admin);
      const policy = new ThrowAwayPolicy(context, uniqueName);
      const before = await policy.filters();
      try {
        const { status } = await policy.edit(await edgeIdentityOf(context, persona));
        expect(status, `status of an edit by ${persona.name}`).toBe(403);
        expect(await policy.filters(), 'row filters of a member of the scope, after the edit').toEqual(
          before,
        );
      } finally {
        await policy.revert(admin);
      }
    },
  );

  c.case(
    'W5.10',
    'catalogs, policies and masks are as they were',
    // Another attempt would take for the start what this one has left.
    { needs: ['data.governed.maskedColumns'], logins: ['admin'], retry: 'never' },
    async (context) => {
      const { cast, config, eventually, uniqueName } = context;
      const start = await startSnapshot(context);
      // Alone, no other case has changed anything: where writes are on, this one does, and takes it back.
      if (mayEdit(config)) {
        const admin = await edgeIdentityOf(context, cast.admin);
        const policy = new ThrowAwayPolicy(context, uniqueName);
        try {
          await policy.edit(admin);
        } finally {
          await policy.revert(admin);
        }
      }
      await eventually(config.budgets.policyMs, async () =>
        expect(residue(start, await snapshot(context)), 'what is not as it was').toEqual([]),
      );
    },
  );
});

/** A layer whose path holds the route, and which a role of the persona may see, is theirs to edit. */
function isTheirLayer({ config, persona }: CaseContext): boolean {
  const { layers, dataPolicies } = config.routes.cockpitBackend;
  const route = configured(dataPolicies, 'routes.cockpitBackend.dataPolicies');
  return layers.some(
    ({ path, roles }) => route.startsWith(path) && roles.some((role) => persona.roles.includes(role)),
  );
}

function mayEdit({ modes, targets, routes }: ConfigData): boolean {
  return (
    modes.allowWrites && targets.cockpitBackend.expected && routes.cockpitBackend.dataPolicies !== undefined
  );
}
