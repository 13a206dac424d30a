// Who the backend takes its caller for: only the headers of the edge say it, and nothing makes more of them.
import { randomUUID } from 'node:crypto';
import { type CaseContext, campaign, type EdgeIdentity, expect } from 'charter-runner';
import { configured } from '../configured.ts';
import { configuredIdentity } from '../edge-identity.ts';
import { foreignIdentities } from './hostile-headers.ts';

const refused = [401, 403];

campaign('C-12', 'Platform access', { targets: ['cockpitBackend'] }, (c) => {
  c.case(
    '12.3',
    'no protected route answers without an identity',
    { needs: ['routes.cockpitBackend.protected'] },
    async (context) => {
      const open = (await notRefused(context, [])).map(shown);
      expect(open, 'routes that do not refuse a request without an identity').toEqual([]);
    },
  );

  c.case(
    '12.4',
    'a token that nobody issued opens no route',
    { needs: ['routes.cockpitBackend.protected'] },
    async (context) => {
      const claims = Buffer.from(JSON.stringify({ sub: randomUUID() })).toString('base64url');
      const header = Buffer.from(JSON.stringify({ alg: 'RS256', typ: 'JWT' })).toString('base64url');
      for (const [kind, token] of [
        ['garbage', randomUUID()],
        [
          'a token signed by nobody',
          `${header}.${claims}.${Buffer.from(randomUUID()).toString('base64url')}`,
        ],
      ]) {
        const open = (await notRefused(context, [['Authorization', `Bearer ${token}`]])).map(shown);
        expect(open, `routes that do not refuse ${kind}`).toEqual([]);
      }
    },
  );

  c.case(
    '12.5',
    'the backend takes a persona for who it is',
    { needs: ['routes.cockpitBackend.me'], personas: 'each' },
    async ({ cockpitBackend, persona, config, skip }) => {
      const identity = configuredIdentity({ skip }, persona);
      const route = configured(config.routes.cockpitBackend.me, 'routes.cockpitBackend.me');
      const me = await cockpitBackend.get(route, identity);
      expect(me.status, `status of ${route}`).toBe(200);
      const { username, email, groups } = me.json() as Record<string, unknown>;
      expect(username, `username at ${route}`).toBe(persona.username);
      expect(email, `email at ${route}`).toBe(identity.email);
      const shown = Array.isArray(groups) ? groups.map(String) : [];
      expect(shown, `groups at ${route}`).toEqual(expect.arrayContaining([...identity.groups]));
      const others = config.personas
        .flatMap(({ roles }) => roles)
        .filter((role) => !persona.roles.includes(role));
      expect(
        shown.filter((group) => others.includes(group)),
        `roles of other personas at ${route}`,
      ).toEqual([]);
      if (persona.roles.length === 0) skip(`personas: ${persona.name} has no roles to look for`);
    },
  );

  c.case(
    '12.8',
    'headers by which other services name a user are no identity',
    { needs: ['routes.cockpitBackend.protected'], cast: ['admin'] },
    async (context) => {
      const { cast, config, skip } = context;
      const admin: EdgeIdentity = configuredIdentity({ skip }, cast.admin);
      // A route that is open anyway, or that fails without an identity, says nothing about these headers: see 12.3.
      const undecided = new Set((await notRefused(context, [])).map(({ route }) => route));
      const telling = config.routes.cockpitBackend.protected.filter((route) => !undecided.has(route));
      if (telling.length === 0)
        skip('no route of routes.cockpitBackend.protected refuses a request without an identity');
      const accepted: string[] = [];
      for (const { what, headers } of foreignIdentities(cast.admin.username, admin)) {
        accepted.push(
          ...(await notRefused(context, headers, telling)).map((answer) => `${what} on ${shown(answer)}`),
        );
      }
      expect(accepted, 'headers that were not refused').toEqual([]);
    },
  );
});

interface Answered {
  readonly route: string;
  readonly status: number;
}

function shown({ route, status }: Answered): string {
  return `${route}: ${status}`;
}

/** Every route that answers something else than a refusal. */
async function notRefused(
  { cockpitBackend, config }: Pick<CaseContext, 'cockpitBackend' | 'config'>,
  headers: readonly (readonly [string, string])[],
  routes: readonly string[] = config.routes.cockpitBackend.protected,
): Promise<Answered[]> {
  const open: Answered[] = [];
  for (const route of routes) {
    const { status } = await cockpitBackend.raw('GET', route, headers);
    if (!refused.includes(status)) open.push({ route, status });
  }
  return open;
}
