// Which role gets where, and that it is asked before anything else is.
import { campaign, expect } from 'charter-runner';
import { configured } from '../configured.ts';
import { configuredIdentity } from '../edge-identity.ts';
import { sees } from './layers.ts';

campaign('C-12', 'Platform access', { targets: ['cockpitBackend'] }, (c) => {
  c.case(
    '12.6',
    'a persona gets into the layers of its roles, and into no other',
    { needs: ['routes.cockpitBackend.layers'], personas: 'each' },
    async ({ cockpitBackend, persona, config, skip }) => {
      const identity = configuredIdentity({ skip }, persona);
      const differences: string[] = [];
      for (const layer of config.routes.cockpitBackend.layers) {
        const expected = sees(persona, layer) ? 200 : 403;
        const { status } = await cockpitBackend.get(layer.path, identity);
        if (status !== expected) differences.push(`${layer.path}: expected ${expected}, got ${status}`);
      }
      expect(differences, `differences for ${persona.name}`).toEqual([]);
    },
  );

  c.case(
    '12.9',
    'who may not write is refused before the body is looked at',
    { needs: ['routes.cockpitBackend.write'], cast: ['analyst'] },
    async ({ cockpitBackend, cast, config, skip }) => {
      const { method, path } = configured(config.routes.cockpitBackend.write, 'routes.cockpitBackend.write');
      // Well-formed, so that the body can be read, and of a shape that no route takes, so that it can change nothing.
      const { status } = await cockpitBackend.send(
        method,
        path,
        ['charter'],
        configuredIdentity({ skip }, cast.analyst),
      );
      expect(status, `status of ${method} ${path} with an invalid body, by ${cast.analyst.name}`).toBe(403);
    },
  );
});
