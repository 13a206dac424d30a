// Decisions can be traced: each is logged under an id of its own.
import { actionInput, campaign, expect } from 'charter-runner';
import { opaIdentity } from '../query-as.ts';

campaign('C-13', 'Audit trail', { targets: ['opa'] }, (c) => {
  c.case(
    '13.9',
    'every decision is logged under an id of its own',
    { cast: ['analyst'] },
    async ({ opa, cast, config, skip }) => {
      const input = actionInput(opaIdentity(cast.analyst), 'ExecuteQuery');
      const ids = [(await opa.allow(input)).decisionId, (await opa.allow(input)).decisionId];
      if (ids.includes(undefined) && !config.modes.strict)
        skip('OPA answers without decision_id: decision logging is off (a failure with modes.strict)');
      expect(
        ids.map((id) => id !== undefined),
        'two decisions have a decision_id',
      ).toEqual([true, true]);
      expect(new Set(ids).size, 'different ids of two decisions').toBe(2);
    },
  );
});
