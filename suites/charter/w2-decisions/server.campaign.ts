// The decision point as a service: healthy, closed to changes, and quick.
import { campaign, expect } from 'charter-runner';
import { opaIdentity } from '../query-as.ts';
import { queryBy } from './asking.ts';

campaign('W2', 'Policy decisions', { targets: ['opa'] }, (c) => {
  c.case('W2.1', 'the decision point and its bundles are healthy', async ({ opa }) => {
    expect((await opa.health()).status, 'status of /health').toBe(200);
    expect((await opa.health('bundles')).status, 'status of /health?bundles').toBe(200);
  });

  c.case(
    'W2.10',
    'policies cannot be changed over the network',
    async ({ opa, config, property, warn, uniqueName }) => {
      const { status } = await opa.policies();
      expect(status, 'status of GET /v1/policies').to.be.oneOf([200, 401, 403, 404]);
      property('opa.policies', status === 200 ? 'readable' : `refused with ${status}`);
      if (status === 200) warn('the runner, and so every Pod that reaches the port, can read the policies');
      if (!config.modes.allowWrites)
        return warn('that nobody can write policies was not tried (modes.allowWrites: false)');
      const id = `${uniqueName}.rego`;
      try {
        const written = await opa.putPolicy(id, `package ${uniqueName}\n`);
        expect(written.status, 'status of PUT /v1/policies/<new>').to.be.oneOf([401, 403, 404, 405]);
      } finally {
        await opa.deletePolicy(id);
      }
    },
  );

  c.case(
    'W2.11',
    'a decision is quick',
    { cast: ['analyst'], order: 'isolated' },
    async ({ opa, cast, config, property }) => {
      const { decisions, decisionP95Ms } = config.budgets;
      const input = queryBy(opaIdentity(cast.analyst));
      const timings: number[] = [];
      await opa.allow(input);
      for (let count = 0; count < decisions; count += 1) {
        timings.push((await opa.allow(input)).http.exchange.timings.total);
      }
      const p95 = timings.sort((left, right) => left - right)[Math.ceil(decisions * 0.95) - 1];
      property('opa.decision.p95.ms', String(p95));
      expect(p95, `95th percentile of ${decisions} decisions, in milliseconds`).toBeLessThanOrEqual(
        decisionP95Ms,
      );
    },
  );
});
