// The backend as a service: alive, described, and discreet when it refuses.
import { randomUUID } from 'node:crypto';
import { campaign, expect } from 'charter-runner';
import { configuredIdentity } from '../edge-identity.ts';
import { closedLayer } from './layers.ts';
import { problemsOf as problemsOfDocument } from './openapi-document.ts';
import { problemsOf as problemsOfRefusal } from './refusal.ts';

campaign('C-12', 'Platform access', { targets: ['cockpitBackend'] }, (c) => {
  c.case('12.1', 'the backend says in time that it is healthy', async ({ cockpitBackend, config }) => {
    const { status, exchange } = await cockpitBackend.health();
    expect(status, 'status of the health route').toBe(200);
    expect(exchange.timings.total, 'milliseconds until the health route answered').toBeLessThanOrEqual(
      config.budgets.healthMs,
    );
  });

  c.case(
    '12.2',
    'the description of the API is OpenAPI 3, or kept from strangers',
    async ({ cockpitBackend, config, property }) => {
      const route = config.routes.cockpitBackend.openapi;
      const { status, text } = await cockpitBackend.get(route);
      expect(status, `status of ${route}`).toBeOneOf([200, 401, 403, 404]);
      property(
        'cockpitBackend.openapi',
        status === 200 ? 'readable without an identity' : `refused with ${status}`,
      );
      expect(status === 200 ? problemsOfDocument(text) : [], `problems of ${route}`).toEqual([]);
    },
  );

  c.case(
    '12.10',
    'a refusal is JSON and gives nothing away',
    { needs: ['routes.cockpitBackend.protected', 'routes.cockpitBackend.layers'], cast: ['viewer'] },
    async ({ cockpitBackend, cast, config, skip, warn }) => {
      const [route = ''] = config.routes.cockpitBackend.protected;
      const viewer = configuredIdentity({ skip }, cast.viewer);
      const closed = closedLayer(config, cast.viewer) ?? skip(`every layer is open to ${cast.viewer.name}`);
      const token = `charter-${randomUUID()}`;
      const answers = {
        'no identity': await cockpitBackend.get(route),
        'a bad token': await cockpitBackend.raw('GET', route, [['Authorization', `Bearer ${token}`]]),
        'another role': await cockpitBackend.get(closed.path, viewer),
        'an unknown route': await cockpitBackend.get(`/charter-${randomUUID()}`, viewer),
      };
      const refusals = Object.entries(answers).filter(([, { status }]) => status >= 400 && status < 500);
      expect(refusals, 'refusals to look at').not.toHaveLength(0);
      const problems = refusals.flatMap(([why, answer]) =>
        problemsOfRefusal(answer, [token]).map((problem) => `${why}, ${answer.status}: ${problem}`),
      );
      expect(problems, 'problems of refusals').toEqual([]);
      const server = refusals
        .map(([, { headers }]) => String(headers.server ?? ''))
        .find((name) => /\d|uvicorn/i.test(name));
      if (server !== undefined) warn(`refusals name the server's software: ${server}`);
    },
  );
});
