// The engine is up, and whoever asks is asked for: no query without an identity, none under another one.
import { campaign, expect, Trino } from 'charter-runner';
import { denials, outcome, readAs } from '../query-as.ts';

campaign('C-11', 'Query engine', { targets: ['trino'] }, (c) => {
  c.case('11.1', 'the coordinator is up and names its version', async ({ trino }) => {
    const info = await trino.info();
    expect(info.status, 'status of /v1/info').toBe(200);
    const { coordinator, starting, nodeVersion } = info.json() as {
      coordinator?: unknown;
      starting?: unknown;
      nodeVersion?: { version?: unknown };
    };
    expect({ coordinator, starting }, 'coordinator and starting').toEqual({
      coordinator: true,
      starting: false,
    });
    expect(nodeVersion?.version, 'version').toEqual(expect.stringMatching(/\S/));
  });

  c.case(
    '11.2',
    'the admin gets an answer',
    { targets: ['keycloak', 'opa'], logins: ['admin'] },
    async ({ trino, login, cast }) => {
      const result = await readAs({ trino, login }, cast.admin, 'SELECT 1', 'SELECT 1 AS one');
      expect(result.rowCount, 'rows of SELECT 1').toBe(1);
      expect(result.number('one'), 'value of SELECT 1').toBe(1);
    },
  );

  c.case(
    '11.3',
    'a query runs as the persona who asks, not as a service account',
    { targets: ['keycloak', 'opa'], personas: 'each', password: 'required' },
    async ({ trino, login, persona }) => {
      const result = await readAs({ trino, login }, persona, 'current_user', 'SELECT current_user AS who');
      expect(
        result.fingerprints('who'),
        `current_user as fingerprint, ${persona.username}'s expected`,
      ).toEqual([Trino.fingerprint(persona.username)]);
    },
  );

  c.case('11.4', 'without a user and a token no query starts', async ({ trino }) => {
    const result = await trino.query('SELECT 1');
    expect(outcome(result), 'statement without identity').toBeOneOf([
      'refused with HTTP 401',
      'refused with HTTP 403',
    ]);
    expect(result.queryId, 'query id').toBeUndefined();
  });

  c.case(
    '11.5',
    "nobody asks under another one's name",
    { targets: ['keycloak', 'opa'], cast: ['engineer'], logins: ['analyst'] },
    async ({ trino, login, cast, config, xfail }) => {
      const { accessToken } = await login(cast.analyst);
      const result = await trino.query('SELECT 1', { user: cast.engineer.username, token: accessToken });
      if (result.state === 'finished' && config.trino.headerTrust === 'expected')
        xfail('header trust, protected by NetworkPolicy only');
      expect(outcome(result), `user ${cast.engineer.name} with the token of ${cast.analyst.name}`).toBeOneOf([
        'refused with HTTP 401',
        'refused with HTTP 403',
        ...denials,
      ]);
    },
  );
});
