// Doubled, respelled and stuffed headers: whatever the backend makes of them, its caller gains nothing.
import { type CaseContext, campaign, type EdgeIdentity, expect } from 'charter-runner';
import { configuredIdentity } from '../edge-identity.ts';
import { attempts } from './hostile-headers.ts';
import { type Layer, layersBetween } from './layers.ts';

campaign('C-12', 'Platform access', { targets: ['cockpitBackend'] }, (c) => {
  c.case(
    '12.7',
    'conflicting identity headers give nobody more rights',
    { needs: ['routes.cockpitBackend.layers'], cast: ['viewer', 'admin'] },
    async (context) => {
      const { cockpitBackend, cast, config, skip } = context;
      const viewer = configuredIdentity({ skip }, cast.viewer);
      const admin = configuredIdentity({ skip }, cast.admin);
      const layer = await tellingLayer(context, viewer, admin);
      if (layer === undefined)
        return skip(
          `no layer of routes.cockpitBackend.layers lets ${cast.admin.name} in and ${cast.viewer.name} not`,
        );
      const { me } = config.routes.cockpitBackend;
      const gained: string[] = [];
      for (const { what, headers } of attempts(viewer, admin)) {
        const { status } = await cockpitBackend.raw('GET', layer.path, headers);
        if (![400, 401, 403].includes(status)) gained.push(`${what}: ${status} on ${layer.path}`);
        if (me === undefined) continue;
        const answer = await cockpitBackend.raw('GET', me, headers);
        if (answer.status !== 200) continue;
        const { username, groups } = answer.json() as { username?: unknown; groups?: unknown };
        if (username === cast.admin.username) gained.push(`${what}: taken for the admin on ${me}`);
        const shown = Array.isArray(groups) ? groups.map(String) : [];
        const more = shown.filter((group) => admin.groups.includes(group) && !viewer.groups.includes(group));
        if (more.length > 0) gained.push(`${what}: ${more.join(', ')} on ${me}`);
      }
      expect(gained, `what ${cast.viewer.name} gained`).toEqual([]);
    },
  );
});

/** A layer that really lets the admin in and the viewer not; where it does not, 12.6 says so. */
async function tellingLayer(
  { cockpitBackend, cast, config }: Pick<CaseContext, 'cockpitBackend' | 'cast' | 'config'>,
  viewer: EdgeIdentity,
  admin: EdgeIdentity,
): Promise<Layer | undefined> {
  for (const layer of layersBetween(config, cast.viewer, cast.admin)) {
    const [without, having] = [
      await cockpitBackend.get(layer.path, viewer),
      await cockpitBackend.get(layer.path, admin),
    ];
    if (without.status === 403 && having.status === 200) return layer;
  }
  return undefined;
}
